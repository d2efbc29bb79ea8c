/**
 * Which projects there are, and what is in force for each: policy, keys, mode, how much is
 * explained. {@link io.securegateway.server.project.Reloader} turns changed files into activated
 * policies; the last good version stays in force.
 */
@NullMarked
package io.securegateway.server.project;

import org.jspecify.annotations.NullMarked;
