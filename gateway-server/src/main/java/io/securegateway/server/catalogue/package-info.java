/**
 * What speaks against tools as their servers define them. {@link
 * io.securegateway.server.catalogue.Inspection} looks at all tools of a project against the pins of
 * the core and gives a {@link io.securegateway.server.catalogue.Inspected}; {@link
 * io.securegateway.server.catalogue.Lookalike} knows which names look alike. {@link
 * io.securegateway.server.catalogue.PinMode} says what follows. Pure; ICU stays in here.
 */
@NullMarked
package io.securegateway.server.catalogue;

import org.jspecify.annotations.NullMarked;
