package io.securegateway.core.session;

import java.util.List;

/**
 * A person's answer that is awaited, or was given and not yet used.
 *
 * @param id the id of the call that asked
 * @param fingerprint of session, tool and arguments, see {@link Facts#fingerprint}
 * @param seq of the event that opened it
 * @param asks the rules it satisfies
 * @param expires until when, UTC milliseconds, exclusive
 * @param approved whether the person agreed
 */
public record Approval(
    String id, String fingerprint, long seq, List<String> asks, long expires, boolean approved) {}
