/**
 * The door: where bytes become one request that may be looked at.
 *
 * <p>{@link io.securegateway.server.ingress.Listener} opens the port on every event loop → {@link
 * io.securegateway.server.ingress.RequestGrammar} and {@link
 * io.securegateway.server.ingress.HostCheck} refuse what two readers could read differently →
 * {@link io.securegateway.server.ingress.Body} collects at most so many bytes, in bounded time → an
 * {@link io.securegateway.server.ingress.Exchange} goes to the route that its path names.
 */
@NullMarked
package io.securegateway.server.ingress;

import org.jspecify.annotations.NullMarked;
