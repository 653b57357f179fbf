/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback for SLF4J, set up by {@link ProgramLogging} and nothing else. The usual way looks through
 * every jar for providers and for what configures them, which takes 80 ms of a start. {@link
 * ProgramLogging#activate} chooses this one. Public because SLF4J makes it by name.
 */
public final class ProgramLogProvider implements SLF4JServiceProvider {
  /** Of the API that this is written for; SLF4J compares the first two numbers. */
  private static final String API_VERSION = "2.0.99";

  private final LoggerContext context = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

  @Override
  public void initialize() {
    context.setName("default");
    context.setMDCAdapter(diagnostics);
    ProgramLogging logging = new ProgramLogging();
    logging.setContext(context);
    var unused = logging.configure(context);
    context.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return diagnostics;
  }

  @Override
  public String getRequestedApiVersion() {
    return API_VERSION;
  }
}
