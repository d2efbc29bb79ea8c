/** The command line: one class a command, {@link io.securegateway.server.cli.Main} in front. */
@NullMarked
package io.securegateway.server.cli;

import org.jspecify.annotations.NullMarked;
