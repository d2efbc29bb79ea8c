/**
 * The door of the admin console at {@code /dash}: its static files ({@link
 * io.securegateway.server.console.ConsoleFiles}), and sign-in with an admin key ({@link
 * io.securegateway.server.identity.AdminSessions}). What a signed-in person does goes through the
 * admin API like everything else.
 */
@org.jspecify.annotations.NullMarked
package io.securegateway.server.console;
