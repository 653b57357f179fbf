/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An expected outcome that is not success; the call that meets it has changed nothing. */
public final class OffloadFailure extends RuntimeException {
  /** A longer reason is shortened, so that every door can pass all of it on. */
  public static final int MAX_REASON_BYTES = 255;

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(OffloadFailure.class);

  private final OffloadError error;

  /**
   * @param reason for people; what exceeds {@value #MAX_REASON_BYTES} bytes of UTF-8 is cut off
   */
  public OffloadFailure(OffloadError error, String reason) {
    super(bounded(reason), null, false, false);
    this.error = Objects.requireNonNull(error);
  }

  public OffloadError error() {
    return error;
  }

  /**
   * The failure with which a call is answered that threw, or whose future failed. An expected
   * failure is answered as it is; anything else is a defect, which is logged here.
   */
  public static OffloadFailure of(Throwable thrown) {
    return expected(thrown)
        .orElseGet(
            () -> {
              LOG.error("a call met a defect", causeOf(thrown));
              return new OffloadFailure(OffloadError.DEFECT, "a defect of the array, see its log");
            });
  }

  /** What was thrown, or what a future failed with, if it is an expected failure. */
  public static Optional<OffloadFailure> expected(Throwable thrown) {
    return causeOf(thrown) instanceof OffloadFailure failure
        ? Optional.of(failure)
        : Optional.empty();
  }

  private static Throwable causeOf(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  /** The longest beginning of a text that fits a reason and ends with a whole character. */
  static String bounded(String text) {
    String shortened = text;
    int lengthBytes = shortened.getBytes(UTF_8).length;
    while (lengthBytes > MAX_REASON_BYTES) {
      int surplus = Math.max(1, (lengthBytes - MAX_REASON_BYTES) / 3);
      int end = shortened.length() - surplus;
      shortened =
          shortened.substring(0, Character.isLowSurrogate(shortened.charAt(end)) ? end - 1 : end);
      lengthBytes = shortened.getBytes(UTF_8).length;
    }
    return shortened;
  }
}
