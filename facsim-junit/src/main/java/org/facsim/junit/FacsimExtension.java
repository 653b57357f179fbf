/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.ArrayFiles;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a storage array. {@link FacsimTest} brings it; as a field it can be told more:
 *
 * <pre>{@code
 * @RegisterExtension
 * FacsimExtension facsim = FacsimExtension.with(array -> array.clock(clock).portmapPort(0));
 * }</pre>
 *
 * <p>The array listens on a free port of the loopback address. It lives in memory unless the
 * builder gets a data directory. Nothing is shared between arrays, so tests may run in parallel.
 */
public final class FacsimExtension
    implements BeforeEachCallback, AfterTestExecutionCallback, ParameterResolver {
  /** How many calls the journal keeps unless a test asks otherwise. */
  public static final int JOURNAL_ENTRIES = 2_000;

  private static final Map<Class<?>, Function<ArrayOfTest, Object>> PARAMETERS =
      Map.of(
          FacsimArray.class, ArrayOfTest::array,
          ArrayFiles.class, of -> of.array().files(),
          Journal.class, of -> of.array().journal(),
          FaultRules.class, of -> of.array().faults(),
          InetSocketAddress.class, of -> of.array().nfsAddress(),
          Observation.class, ArrayOfTest::observation);

  private final Consumer<ArrayBuilder> more;

  /** For {@link FacsimTest}. */
  public FacsimExtension() {
    this(builder -> {});
  }

  private FacsimExtension(Consumer<ArrayBuilder> more) {
    this.more = Objects.requireNonNull(more);
  }

  /**
   * An array of which more is said than the annotations can say.
   *
   * @param more changes the settings just before the start; what it says wins
   */
  public static FacsimExtension with(Consumer<ArrayBuilder> more) {
    return new FacsimExtension(more);
  }

  /**
   * The array of the running test, for helpers that get the test's context but no parameter.
   *
   * @throws IllegalStateException outside a test
   */
  public FacsimArray array(ExtensionContext context) {
    return of(context).array();
  }

  // ---------------------------------------------------------------- JUnit

  @Override
  public void beforeEach(ExtensionContext context) {
    of(context).begin();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context
        .getExecutionException()
        .ifPresent(failure -> of(context).tellWhatHappened(nameOf(context)));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.get(parameter.getParameter().getType()).apply(of(context));
  }

  /** Class and test, because tests that run in parallel print where others print, too. */
  private static String nameOf(ExtensionContext context) {
    String name = context.getRequiredTestMethod().getName();
    boolean isOneOfSeveral = !context.getDisplayName().startsWith(name);
    return context.getRequiredTestClass().getSimpleName()
        + "."
        + name
        + (isOneOfSeveral ? " (" + context.getDisplayName() + ")" : "");
  }

  /** The array of a test. The store closes it when the test, or the class, is over. */
  private ArrayOfTest of(ExtensionContext context) {
    ArrayWish wish = ArrayWish.of(context);
    ExtensionContext owner = wish.owner(context);
    return owner
        .getStore(Namespace.create(FacsimExtension.class, this))
        .computeIfAbsent(
            ArrayOfTest.class, key -> start(wish, context.getDisplayName()), ArrayOfTest.class);
  }

  private ArrayOfTest start(ArrayWish wish, String name) {
    ArrayBuilder builder = wish.builder();
    more.accept(builder);
    FacsimArray array;
    try {
      array = builder.start();
    } catch (IOException e) {
      throw new IllegalStateException("no array for " + name + ": " + e.getMessage(), e);
    }
    boolean isReady = false;
    try {
      wish.furnish(array);
      ArrayOfTest made = new ArrayOfTest(array, wish);
      isReady = true;
      return made;
    } finally {
      if (!isReady) {
        array.close();
      }
    }
  }
}
