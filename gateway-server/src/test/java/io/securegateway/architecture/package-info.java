/**
 * The walls of the house, held by tests: which module and package may use what, where decisions are
 * made and events written, and how long files may be.
 */
@NullMarked
package io.securegateway.architecture;

import org.jspecify.annotations.NullMarked;
