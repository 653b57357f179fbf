/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

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
  private static final String LEVEL_VARIABLE = "FACSIM_LOG_LEVEL";

  private static volatile boolean isProgram;

  /** Called before the first logger is made, and only when Facsim is the program. */
  static void activate() {
    isProgram = true;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!isProgram || System.getProperty(CONFIGURATION_FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{24} - %msg%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName("stderr");
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
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
