/**
 * The doors for people: {@link io.securegateway.server.admin.AdminDoor} checks the admin key and
 * the role that each {@link io.securegateway.server.admin.Route} declares, and runs its handler off
 * the event loops; one class a subject holds the handlers. Errors are RFC 9457 problem documents.
 */
@NullMarked
package io.securegateway.server.admin;

import org.jspecify.annotations.NullMarked;
