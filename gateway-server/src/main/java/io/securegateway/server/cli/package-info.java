/**
 * The command line: one class a command, {@link io.securegateway.server.cli.Main} in front, {@link
 * io.securegateway.server.cli.Mistyped} for wrong arguments.
 *
 * <p>{@code policy} works at a {@link io.securegateway.server.cli.VersionDesk}: a running gateway's
 * API ({@link io.securegateway.server.cli.GatewayDesk}) or the data of a stopped one ({@link
 * io.securegateway.server.cli.DataDesk}).
 */
@NullMarked
package io.securegateway.server.cli;

import org.jspecify.annotations.NullMarked;
