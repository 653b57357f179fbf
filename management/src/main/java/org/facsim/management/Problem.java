/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.Map;
import java.util.Objects;

/**
 * Why a request was refused, as a problem document of RFC 9457: {@code status} is the HTTP status,
 * {@code title} a fixed phrase for its kind, {@code detail} names what was wrong and what is
 * allowed.
 */
final class Problem extends RuntimeException {
  static final String CONTENT_TYPE = "application/problem+json";
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;

  @SuppressWarnings("serial") // exceptions are never serialized here
  private final Map<String, Object> extensions;

  Problem(int status, String title, String detail) {
    this(status, title, detail, Map.of());
  }

  /**
   * @param extensions further members of the document, for programs
   */
  Problem(int status, String title, String detail, Map<String, Object> extensions) {
    super(detail, null, false, false);
    this.status = status;
    this.title = Objects.requireNonNull(title);
    this.extensions = Map.copyOf(extensions);
  }

  static Problem badRequest(String detail) {
    return new Problem(400, "Bad request", detail);
  }

  static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  Map<String, Object> extensions() {
    return extensions;
  }
}
