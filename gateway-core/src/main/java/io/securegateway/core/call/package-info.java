/**
 * What is judged: one {@link io.securegateway.core.call.Call}, and the grammar of the names in it.
 */
@NullMarked
package io.securegateway.core.call;

import org.jspecify.annotations.NullMarked;
