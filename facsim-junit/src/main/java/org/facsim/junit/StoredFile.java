/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A file that is there from the start. Directories on the way to it are made. */
@Documented
@Inherited
@Repeatable(StoredFile.StoredFiles.class)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface StoredFile {
  /** {@code /volume/directory/file}. */
  String path();

  /**
   * A number and KiB, MiB, GiB or TiB. Each 4 KiB repeat a random word, which takes 32 bytes of
   * memory. Not together with {@link #text}.
   */
  String size() default "";

  /** The contents, in UTF-8. */
  String text() default "";

  /** Several of them. */
  @Documented
  @Inherited
  @Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @interface StoredFiles {
    StoredFile[] value();
  }
}
