/**
 * Plugins: Python files that look at calls after the policy allowed them. {@link
 * io.securegateway.server.plugin.Plugins} loads them, {@link
 * io.securegateway.server.plugin.Screens} asks them in order. Each runs in {@link
 * io.securegateway.server.plugin.Pool} worker processes of its own, fenced in by the kernel; what
 * one does harms nobody else.
 */
@org.jspecify.annotations.NullMarked
package io.securegateway.server.plugin;
