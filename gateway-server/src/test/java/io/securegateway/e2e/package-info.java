/**
 * The whole gateway from outside, against its contract: {@link RunningGateway} runs it in this
 * process, {@link GatewayProcess} as a child that can be killed; {@link ToolServer} is the real
 * server behind it and counts what reaches it.
 */
@NullMarked
package io.securegateway.e2e;

import org.jspecify.annotations.NullMarked;
