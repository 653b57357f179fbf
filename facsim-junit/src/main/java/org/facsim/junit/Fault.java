/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A fault rule that holds from the start; see {@link org.facsim.services.faults.FaultRules}, which
 * can do more. Exactly one of {@link #status}, {@link #executedButLost}, {@link #noAnswer}, {@link
 * #reset} and {@link #preset} is given; a {@link #delay} stands alone or with a status.
 */
@Documented
@Inherited
@Repeatable(Fault.Faults.class)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Fault {
  /** Whose calls: {@code nfs}, {@code vaai}, {@code nlm}, ...; empty for all doors. */
  String door() default "";

  /** Which calls, for example {@code WRITE}; empty for all. */
  String[] procedure() default {};

  /** Of which files, for example {@code /datastore1/vm/*-flat.vmdk}; empty for all. */
  String path() default "";

  /** Only the nth of these calls, 1 or more; 0 for all of them. */
  long nth() default 0;

  /** Every nth of these calls. */
  long every() default 1;

  /** For how many calls at most; 0 for any number. */
  long count() default 0;

  /** The call is not performed, and answered with this status of its door. */
  String status() default "";

  /** The call is performed, its reply is lost. */
  boolean executedButLost() default false;

  /** The call is neither performed nor answered. */
  boolean noAnswer() default false;

  /** The connection is reset, and the call is not performed. */
  boolean reset() default false;

  /** The reply comes so much later, for example {@code 50ms}. */
  String delay() default "";

  /** A preset instead, for example {@code takeover}. */
  String preset() default "";

  /** Parameters of the preset, each as {@code name=value}. */
  String[] parameters() default {};

  /** Several of them. */
  @Documented
  @Inherited
  @Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @interface Faults {
    Fault[] value();
  }
}
