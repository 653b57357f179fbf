/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads and writes the JSON of requests and answers; what it cannot read it names. */
final class JsonBodies {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** Where a request keeps its body. */
  private static final String BODY = "facsim.body";

  private static final Pattern JSON =
      Pattern.compile("\\s*application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  /** Where a parser's message says that it does not say where the text is from. */
  private static final Pattern SOURCE =
      Pattern.compile(" ?\\(?(start marker )?at \\[Source:[^\\]]*\\]\\)?");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfigDefaults(JsonBodies::refuseOtherTypes)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private JsonBodies() {}

  /** A number is no text, an empty text is no object: each field is what it is said to be. */
  private static void refuseOtherTypes(MutableCoercionConfig config) {
    for (CoercionInputShape shape : CoercionInputShape.values()) {
      config.setCoercion(shape, CoercionAction.Fail);
    }
  }

  /**
   * Takes the body of a request that changes something, then goes on. Such a request must say that
   * it is JSON, even if it has no body: a foreign web page cannot send that without being asked
   * first whether it may, and this door never says yes.
   *
   * @param then runs on the event loop once the whole body is there; not at all if it is refused
   */
  static void receive(RoutingContext context, Runnable then) {
    HttpServerRequest request = context.request();
    String contentType = request.getHeader("Content-Type");
    if (contentType == null || !JSON.matcher(contentType).matches()) {
      throw new Problem(
          415,
          "Unsupported media type",
          (contentType == null ? "no Content-Type" : "Content-Type: '" + contentType + "'")
              + "; allowed: application/json, also without a body");
    }
    Buffer body = Buffer.buffer();
    request.exceptionHandler(
        failure ->
            Answers.problem(request, Problem.badRequest("the body is broken off or damaged")));
    request.handler(
        chunk -> {
          if (body.length() <= MAX_BODY_BYTES) {
            body.appendBuffer(chunk); // one chunk too much at most; what follows is dropped
          }
        });
    request.endHandler(
        v -> {
          if (body.length() > MAX_BODY_BYTES) {
            Answers.problem(
                request,
                new Problem(
                    413, "Body too large", "allowed: at most " + MAX_BODY_BYTES + " bytes"));
          } else {
            context.put(BODY, body);
            then.run();
          }
        });
  }

  /** The body as it came; empty without one. */
  static String text(RoutingContext context) {
    Buffer body = context.get(BODY);
    return body == null ? "" : body.toString();
  }

  /**
   * The body of a request.
   *
   * @throws Problem 400 naming what is wrong and what is allowed
   */
  static <T> T read(RoutingContext context, Class<T> type) {
    Buffer body = context.get(BODY);
    if (body.length() == 0) {
      throw Problem.badRequest("the body is empty; allowed: a JSON object");
    }
    return parse(body, type);
  }

  /**
   * Makes sure that a request says nothing: its body is empty, or an object without fields.
   *
   * @throws Problem 400
   */
  static void readNothing(RoutingContext context) {
    Buffer body = context.get(BODY);
    if (body.length() > 0) {
      var unused = parse(body, Nothing.class);
    }
  }

  @JsonAutoDetect
  record Nothing() {}

  private static <T> T parse(Buffer body, Class<T> type) {
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
      String known =
          unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
      return "field '"
          + path(unknown)
          + "' is unknown; allowed: "
          + (known.isEmpty() ? "none" : known);
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      String allowed = "another type; allowed: " + typeInWords(mismatch.getTargetType());
      return mismatch.getPath().isEmpty()
          ? "the body is not the JSON wanted: it has " + allowed
          : "field '" + path(mismatch) + "' has " + allowed;
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return "field '" + path(mapping) + "': " + e.getOriginalMessage();
    }
    JsonLocation at = e.getLocation();
    return "the body is not the JSON wanted"
        + (at == null ? "" : ", line " + at.getLineNr() + " column " + at.getColumnNr())
        + ": "
        + SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
  }

  /** What JSON calls what a Java type is read from. */
  private static String typeInWords(Class<?> type) {
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a text";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number that fits";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "a JSON object";
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
        .collect(Collectors.joining("."));
  }
}
