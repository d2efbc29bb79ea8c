/** The shell around the pure core. */
@NullMarked
package io.securegateway.server;

import org.jspecify.annotations.NullMarked;
