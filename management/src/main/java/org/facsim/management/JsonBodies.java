/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads and writes the JSON of requests and answers. Errors name what it cannot read. */
final class JsonBodies {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** How long a client may send on of a body that was refused. */
  private static final int LINGER_MILLIS = 2000;

  /** The key under which a request keeps its body. */
  private static final String BODY = "facsim.body";

  private static final Pattern JSON =
      Pattern.compile("\\s*application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  /** The part of a parser's message which says that the source of the text is not shown. */
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
          .withCoercionConfig(
              LogicalType.Float, // a number that happens to be whole is a number
              config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private JsonBodies() {}

  /**
   * Refuses fields of another type than the documented one: a number for a text, or an empty text
   * for an object.
   */
  private static void refuseOtherTypes(MutableCoercionConfig config) {
    for (CoercionInputShape shape : CoercionInputShape.values()) {
      config.setCoercion(shape, CoercionAction.Fail);
    }
  }

  /**
   * Receives the body of a request that changes something, then goes on. Such a request must say
   * that it is JSON, even if it has no body. A browser sends that for a foreign web page only if
   * the door consents, and this door never does.
   *
   * @param then runs on the event loop when the whole body has arrived; does not run if the request
   *     is refused
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
    if (isAnnouncedTooLarge(request)) {
      refuseTooLarge(context);
      return;
    }
    Buffer body = Buffer.buffer();
    request.exceptionHandler(
        failure ->
            Answers.problem(request, Problem.badRequest("the body is broken off or damaged")));
    request.handler(
        chunk -> {
          body.appendBuffer(chunk);
          if (body.length() > MAX_BODY_BYTES) {
            refuseTooLarge(context);
          }
        });
    request.endHandler(
        v -> {
          context.put(BODY, body);
          then.run();
        });
  }

  private static boolean isAnnouncedTooLarge(HttpServerRequest request) {
    String announced = request.getHeader("Content-Length");
    try {
      return announced != null && Long.parseLong(announced) > MAX_BODY_BYTES;
    } catch (NumberFormatException e) {
      return true; // the digits of more than a long holds: the decoder refuses everything else
    }
  }

  /**
   * Refuses a body before it has arrived. What comes of it nevertheless is dropped, for a while and
   * without being kept: a client that still sends could not read the answer if the connection ended
   * at once.
   */
  private static void refuseTooLarge(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.response().putHeader("Connection", "close");
    Answers.problem(
        request,
        new Problem(413, "Body too large", "allowed: at most " + MAX_BODY_BYTES + " bytes"));
    HttpConnection connection = request.connection();
    long timer = context.vertx().setTimer(LINGER_MILLIS, id -> connection.close());
    request.handler(dropped -> {});
    request.endHandler(
        v -> {
          if (context.vertx().cancelTimer(timer)) {
            connection.close();
          }
        });
  }

  /** The body as it came; empty without one. */
  static String text(RoutingContext context) {
    Buffer body = context.get(BODY);
    return body == null ? "" : body.toString();
  }

  /** What the body takes on the wire. */
  static int lengthBytes(RoutingContext context) {
    Buffer body = context.get(BODY);
    return body.length();
  }

  /**
   * The body of a request.
   *
   * @throws Problem 400, which names what is wrong and what is allowed
   */
  static <T> T read(RoutingContext context, Class<T> type) {
    Buffer body = context.get(BODY);
    if (body.length() == 0) {
      throw Problem.badRequest("the body is empty; allowed: a JSON object");
    }
    return parse(body, type);
  }

  /** As {@link #read}, of a body that may be left out. */
  static <T> T readOr(RoutingContext context, Class<T> type, T otherwise) {
    Buffer body = context.get(BODY);
    return body.length() == 0 ? otherwise : parse(body, type);
  }

  /**
   * Checks that a request has no arguments: its body is empty, or an object without fields.
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

  /** As {@link #read}, of a text. */
  static <T> T parse(Buffer body, Class<T> type) {
    try {
      T value = MAPPER.readValue(body.getBytes(), type);
      if (value == null) {
        throw Problem.badRequest("the body is null; allowed: a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw Problem.badRequest(describe(e));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e); // never happens: it is read from memory
    }
  }

  /** A value as the JSON that {@link #write} writes. */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
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

  /** The JSON type from which a Java type is read. */
  private static String typeInWords(Class<?> type) {
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a text";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == double.class || type == Double.class) {
      return "a number";
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
