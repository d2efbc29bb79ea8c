/**
 * The desk: who is it? Agents prove a model key, people an admin key. Anything but a known identity
 * ends here; there is no fallback identity.
 */
@NullMarked
package io.securegateway.server.identity;

import org.jspecify.annotations.NullMarked;
