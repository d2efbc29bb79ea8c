/**
 * Everything that happens, as a closed set of {@link io.securegateway.core.event.Event}s, and their
 * JSON form ({@code EventCodec}). An event with its place in the order is a {@link
 * io.securegateway.core.event.Recorded}.
 */
@NullMarked
package io.securegateway.core.event;

import org.jspecify.annotations.NullMarked;
