/**
 * The bridge to tools. {@link io.securegateway.server.upstream.Upstreams} finds the upstream that
 * offers a tool; {@link io.securegateway.server.upstream.HttpToolUpstream} calls HTTP tool servers.
 * Every call has a deadline, a size limit and a typed end; nothing is tried twice.
 */
@NullMarked
package io.securegateway.server.upstream;

import org.jspecify.annotations.NullMarked;
