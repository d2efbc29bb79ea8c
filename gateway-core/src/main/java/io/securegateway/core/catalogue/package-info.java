/**
 * What is known of the tools that upstreams define, apart from any policy: {@link
 * io.securegateway.core.catalogue.Pins} remembers which definition of a tool was accepted (a fold
 * over catalogue events), {@link io.securegateway.core.catalogue.HiddenText} finds what a person
 * would not see in a definition. Pure.
 */
@NullMarked
package io.securegateway.core.catalogue;

import org.jspecify.annotations.NullMarked;
