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
 * A volume that the array has from the start. On a class and on a method: both, and a volume of the
 * method replaces one of the class with the same name. If there is none at all, the array has
 * {@code datastore1} of 1 GiB.
 */
@Documented
@Inherited
@Repeatable(Volume.Volumes.class)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Volume {
  /** 1 to 64 letters, digits, '.', '_' and '-'; its export is {@code /name}. */
  String name();

  /** A number and KiB, MiB, GiB or TiB, at least {@code 1MiB}. */
  String size() default "1GiB";

  /** Several of them. */
  @Documented
  @Inherited
  @Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @interface Volumes {
    Volume[] value();
  }
}
