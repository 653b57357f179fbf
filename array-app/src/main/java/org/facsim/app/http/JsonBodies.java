/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads and writes the JSON of requests and answers; what it cannot read it names. */
final class JsonBodies {
  private static final int MAX_DEPTH = 16;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private JsonBodies() {}

  /**
   * The body of a request.
   *
   * @throws Problem 400 naming what is wrong and what is allowed, 415
   */
  static <T> T read(RoutingContext context, Class<T> type) {
    String contentType = context.request().getHeader("Content-Type");
    if (contentType != null && !contentType.toLowerCase(Locale.ROOT).contains("json")) {
      throw new Problem(
          415,
          "Unsupported media type",
          "Content-Type: '" + contentType + "'; allowed: application/json");
    }
    Buffer body = context.body().buffer();
    if (body == null || body.length() == 0) {
      throw Problem.badRequest("the body is empty; allowed: a JSON object");
    }
    try {
      T value = MAPPER.readValue(body.getBytes(), type);
      if (value == null) {
        throw Problem.badRequest("the body is null; allowed: a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw Problem.badRequest(describe(e));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e); // never: it is read from memory
    }
  }

  static Buffer write(Object value) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(value));
    } catch (JacksonException e) {
      throw new IllegalStateException("cannot write " + value, e);
    }
  }

  private static String describe(JacksonException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "field '"
          + path(unknown)
          + "' is unknown; allowed: "
          + unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .collect(Collectors.toCollection(TreeSet::new))
              .stream()
              .collect(Collectors.joining(", "));
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return "field '" + path(mapping) + "': " + e.getOriginalMessage();
    }
    JsonLocation at = e.getLocation();
    return "the body is not the JSON wanted"
        + (at == null ? "" : ", line " + at.getLineNr() + " column " + at.getColumnNr())
        + ": "
        + e.getOriginalMessage();
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
        .collect(Collectors.joining("."));
  }
}
