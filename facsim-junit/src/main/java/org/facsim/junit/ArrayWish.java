/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.faults.FaultRuleBuilder;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.units.ByteSize;
import org.facsim.services.units.TimeSpan;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What the annotations of a test and of its classes ask for. Those of an enclosing class come
 * first.
 *
 * @param lifetime how many tests share the array
 * @param seed of everything that is drawn
 */
record ArrayWish(
    ArrayLifetime lifetime,
    int journalEntries,
    long seed,
    Map<String, Volume> volumes,
    List<Profile> profiles,
    List<StoredFile> files,
    List<Fault> faults) {
  private static final String DEFAULT_VOLUME = "datastore1";
  private static final String DEFAULT_SIZE = "1GiB";

  static ArrayWish of(ExtensionContext context) {
    List<AnnotatedElement> classes = classes(context);
    ArrayLifetime lifetime =
        last(classes, FacsimTest.class).map(FacsimTest::lifetime).orElse(ArrayLifetime.PER_TEST);
    List<AnnotatedElement> all = new ArrayList<>(classes);
    Optional<AnnotatedElement> method = context.getTestMethod().map(AnnotatedElement.class::cast);
    if (lifetime == ArrayLifetime.PER_TEST) {
      method.ifPresent(all::add);
    } else {
      method.ifPresent(ArrayWish::requireNothing);
    }
    Map<String, Volume> volumes = new LinkedHashMap<>();
    repeated(all, Volume.class).forEach(volume -> volumes.put(volume.name(), volume));
    return new ArrayWish(
        lifetime,
        last(all, FacsimTest.class)
            .map(FacsimTest::journal)
            .orElse(FacsimExtension.JOURNAL_ENTRIES),
        last(all, Seed.class).map(Seed::value).orElseGet(() -> nameSeed(context, lifetime)),
        volumes,
        repeated(all, Profile.class),
        repeated(all, StoredFile.class),
        repeated(all, Fault.class));
  }

  /** A test of a shared array cannot have one of its own. */
  private static void requireNothing(AnnotatedElement method) {
    for (Class<? extends Annotation> type :
        List.<Class<? extends Annotation>>of(
            FacsimTest.class, Volume.class, Profile.class, StoredFile.class, Seed.class)) {
      if (AnnotationSupport.isAnnotated(method, type)
          || (type.getDeclaredClasses().length > 0 && !repeated(List.of(method), type).isEmpty())) {
        throw new ExtensionConfigurationException(
            "@%s on %s, whose class has one array for all tests; allowed: on the class, or lifetime"
                    .formatted(type.getSimpleName(), method)
                + " PER_TEST");
      }
    }
  }

  private static long nameSeed(ExtensionContext context, ArrayLifetime lifetime) {
    String name =
        lifetime == ArrayLifetime.PER_CLASS
            ? context.getRequiredTestClass().getName()
            : context.getUniqueId();
    long seed = 0xcbf29ce484222325L; // FNV-1a, because it stays the same on every machine
    for (byte b : name.getBytes(UTF_8)) {
      seed = (seed ^ (b & 0xff)) * 0x100000001b3L;
    }
    return seed;
  }

  /** Outermost class first. */
  private static List<AnnotatedElement> classes(ExtensionContext context) {
    List<AnnotatedElement> classes = new ArrayList<>(context.getEnclosingTestClasses());
    context.getTestClass().ifPresent(classes::add);
    return classes;
  }

  private static <A extends Annotation> Optional<A> last(
      List<AnnotatedElement> elements, Class<A> type) {
    Optional<A> found = Optional.empty();
    for (AnnotatedElement element : elements) {
      Optional<A> here = AnnotationSupport.findAnnotation(element, type);
      found = here.isPresent() ? here : found;
    }
    return found;
  }

  private static <A extends Annotation> List<A> repeated(
      List<AnnotatedElement> elements, Class<A> type) {
    return elements.stream()
        .flatMap(element -> AnnotationSupport.findRepeatableAnnotations(element, type).stream())
        .toList();
  }

  /** Whose end is the array's end. */
  ExtensionContext owner(ExtensionContext context) {
    if (lifetime == ArrayLifetime.PER_TEST) {
      return context;
    }
    ExtensionContext at = context;
    while (at.getTestMethod().isPresent() && at.getParent().isPresent()) {
      at = at.getParent().orElseThrow();
    }
    return at;
  }

  // ---------------------------------------------------------------- starting

  ArrayBuilder builder() {
    ArrayBuilder builder = FacsimArray.builder().nfsPort(0).seed(seed).journal(journalEntries);
    if (volumes.isEmpty()) {
      builder.volume(DEFAULT_VOLUME, size("the default", DEFAULT_SIZE));
    }
    volumes
        .values()
        .forEach(
            volume ->
                builder.volume(volume.name(), size("@Volume " + volume.name(), volume.size())));
    profiles.forEach(profile -> builder.vaaiProfile(profile.volume(), named(profile)));
    return builder;
  }

  private static ArrayProfile named(Profile profile) {
    return NamedProfiles.find(profile.value())
        .orElseThrow(
            () ->
                new ExtensionConfigurationException(
                    "@Profile '%s' is not there; allowed: %s"
                        .formatted(
                            profile.value(),
                            NamedProfiles.all().stream()
                                .map(ArrayProfile::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static long size(String what, String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(what + ": " + e.getMessage(), e);
    }
  }

  /** Makes files and fault rules in an array that has just started. */
  void furnish(FacsimArray array) {
    for (int i = 0; i < files.size(); i++) {
      StoredFile file = files.get(i);
      if (file.size().isEmpty()) {
        array.files().write(file.path(), file.text().getBytes(UTF_8));
      } else if (file.text().isEmpty()) {
        array
            .files()
            .writeWords(file.path(), size("@StoredFile " + file.path(), file.size()), seed + i);
      } else {
        throw new ExtensionConfigurationException(
            "@StoredFile %s has a size and a text; allowed: one of them".formatted(file.path()));
      }
    }
    addFaults(array);
  }

  void addFaults(FacsimArray array) {
    for (Fault fault : faults) {
      try {
        add(array, fault);
      } catch (IllegalArgumentException e) {
        throw new ExtensionConfigurationException("@Fault: " + e.getMessage(), e);
      }
    }
  }

  private void add(FacsimArray array, Fault fault) {
    if (!fault.preset().isEmpty()) {
      array.faults().preset(fault.preset(), parameters(fault));
      return;
    }
    FaultRuleBuilder rule = rule(fault).seed(seed).every(fault.every());
    if (!fault.door().isEmpty()) {
      rule.door(door(fault.door()));
    }
    Arrays.stream(fault.procedure()).forEach(rule::procedure);
    if (!fault.path().isEmpty()) {
      rule.path(fault.path());
    }
    if (fault.nth() != 0) {
      rule.nth(fault.nth());
    }
    if (fault.count() != 0) {
      rule.count(fault.count());
    }
    array.faults().add(rule.rule());
  }

  private static Map<String, String> parameters(Fault fault) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : fault.parameters()) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("parameter '" + parameter + "'; allowed: name=value");
      }
      parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    return parameters;
  }

  private static FaultRuleBuilder rule(Fault fault) {
    List<FaultAction> actions = new ArrayList<>();
    if (!fault.status().isEmpty()) {
      actions.add(new FaultAction.Status(fault.status()));
    }
    if (fault.executedButLost()) {
      actions.add(new FaultAction.LoseReply());
    }
    if (fault.noAnswer()) {
      actions.add(new FaultAction.NoAnswer());
    }
    if (fault.reset()) {
      actions.add(new FaultAction.Reset(false));
    }
    Optional<FaultAction.Delay> delay =
        fault.delay().isEmpty()
            ? Optional.empty()
            : Optional.of(new FaultAction.Delay(TimeSpan.parse(fault.delay()), Duration.ZERO));
    if (actions.size() > 1 || (actions.isEmpty() && delay.isEmpty())) {
      throw new IllegalArgumentException(
          actions.size()
              + " actions; allowed: one of status, executedButLost, noAnswer, reset and preset, or a"
              + " delay");
    }
    if (actions.isEmpty()) {
      return FaultRule.delayed(delay.orElseThrow());
    }
    FaultRuleBuilder rule = FaultRule.of(actions.get(0));
    delay.ifPresent(rule::delay);
    return rule;
  }

  private static Door door(String name) {
    for (Door door : Door.values()) {
      if (door.name().equalsIgnoreCase(name)) {
        return door;
      }
    }
    throw new IllegalArgumentException(
        "door '%s' is not there; allowed: %s"
            .formatted(
                name,
                Arrays.stream(Door.values())
                    .map(door -> door.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))));
  }
}
