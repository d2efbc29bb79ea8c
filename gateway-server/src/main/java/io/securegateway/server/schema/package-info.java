/**
 * JSON Schemas of tools: read from {@code schemas/}, checked against, published. Drafts 2020-12 and
 * 7; formats are asserted; nothing is ever fetched.
 */
@NullMarked
package io.securegateway.server.schema;

import org.jspecify.annotations.NullMarked;
