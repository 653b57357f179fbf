/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The program's log: warnings and errors on stderr, because stdout carries answers. {@code
 * FACSIM_LOG_LEVEL=DEBUG} shows more messages of Facsim; Netty never logs below WARN.
 *
 * <p>Set up in code, because reading a logback.xml loads about 400 classes on every start. {@code
 * -Dlogback.configurationFile=FILE} still replaces it. It does nothing if Facsim is embedded: the
 * embedding program owns the logging.
 */
public final class ProgramLogging extends ContextAwareBase implements Configurator {
  private static final String CONFIGURATION_FILE = "logback.configurationFile";
  private static final String STDERR = "stderr";
  private static final String LEVEL_VARIABLE = "FACSIM_LOG_LEVEL";

  private static final String FORMAT_VARIABLE = "FACSIM_LOG_FORMAT";

  private static volatile boolean isProgram;

  /** How messages look. */
  enum Format {
    TEXT,
    /** One JSON object on each line: timestamp, level, thread, logger, message, throwable. */
    JSON
  }

  /** The name of a format. */
  static final class FormatForm implements ITypeConverter<Format>, ValueForm {
    @Override
    public Format convert(String text) {
      return switch (text) {
        case "text" -> Format.TEXT;
        case "json" -> Format.JSON;
        default ->
            throw new TypeConversionException("'" + text + "' is no format; allowed: " + allowed());
      };
    }

    @Override
    public String allowed() {
      return "text, json";
    }

    @Override
    public ObjectNode schema() {
      ObjectNode schema = ValueForm.text();
      schema.putArray("enum").add("text").add("json");
      return schema;
    }
  }

  /** Sets how messages look from now on; does nothing if something else configures the log. */
  static void setFormat(Format format) {
    if (isProgram
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(STDERR)
            instanceof ConsoleAppender<ILoggingEvent> stderr) {
      stderr.setEncoder(encoder(context, format));
    }
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
    if (format == Format.JSON) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.setWithSequenceNumber(false);
      json.setWithNanoseconds(false);
      json.setWithContext(false);
      json.setWithMessage(false);
      json.setWithArguments(false);
      json.setWithFormattedMessage(true);
      json.start();
      return json;
    }
    TextEncoder text = new TextEncoder();
    text.setContext(context);
    text.start();
    return text;
  }

  /** Called before the first logger is made, and only when Facsim is the program. */
  static void activate() {
    isProgram = true;
    if (System.getProperty(CONFIGURATION_FILE) == null
        && System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) == null) {
      System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, ProgramLogProvider.class.getName());
      System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN"); // or it names the provider
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!isProgram || System.getProperty(CONFIGURATION_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName(STDERR);
    stderr.setTarget("System.err");
    stderr.setEncoder(
        encoder(
            context, "json".equals(System.getenv(FORMAT_VARIABLE)) ? Format.JSON : Format.TEXT));
    stderr.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(stderr);
    context
        .getLogger("org.facsim")
        .setLevel(Level.toLevel(System.getenv(LEVEL_VARIABLE), Level.WARN));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
