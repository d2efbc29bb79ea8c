/**
 * {@code ./securegateway demo}: the gateway with the projects of {@code examples/}, a tool server
 * behind it and a scripted agent that goes through the doors like any client. It uses the gateway
 * from outside, over HTTP only.
 */
@NullMarked
package io.securegateway.server.demo;

import org.jspecify.annotations.NullMarked;
