package io.securegateway.core.version;

import io.securegateway.core.policy.SourceKind;
import org.jspecify.annotations.Nullable;

/**
 * One version of a file, without its text, which the journal holds at {@code seq}. Immutable.
 *
 * @param ts its id: epoch milliseconds, strictly increasing per project and kind
 * @param sha256 of the file's bytes; null if this version is that the file is gone
 * @param author who made it
 * @param message why
 * @param source from where: {@code start}, {@code file}, {@code api}, {@code cli} or {@code
 *     rollback}
 * @param rolledBackFrom for a rollback: the version whose content came back
 * @param seq of its event in the journal
 */
public record Version(
    String project,
    SourceKind kind,
    long ts,
    @Nullable String sha256,
    String author,
    String message,
    String source,
    @Nullable Long rolledBackFrom,
    long seq) {}
