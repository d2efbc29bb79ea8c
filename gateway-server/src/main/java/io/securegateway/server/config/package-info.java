/**
 * {@code gateway.yaml} → {@link io.securegateway.server.config.GatewayConfig}: every key checked,
 * with place and mend; {@code ${NAME}} reads the environment, nothing else is interpreted.
 */
@NullMarked
package io.securegateway.server.config;

import org.jspecify.annotations.NullMarked;
