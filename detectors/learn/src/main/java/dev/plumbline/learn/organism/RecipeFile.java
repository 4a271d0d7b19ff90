package dev.plumbline.learn.organism;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Recipes as JSON: keys in dashed lower case, unknown and missing ones are errors. */
public final class RecipeFile {
  private static final String SHIPPED = "/organism/recipe.json";

  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private RecipeFile() {}

  /** The committed recipe. */
  public static Recipe shipped() {
    try (InputStream in = RecipeFile.class.getResourceAsStream(SHIPPED)) {
      return MAPPER.readValue(in, Recipe.class);
    } catch (IOException e) {
      throw new UncheckedIOException("the organism's recipe is missing from this build", e);
    }
  }

  /** A recipe of one's own. */
  public static Recipe read(Path file) {
    try {
      return MAPPER.readValue(file.toFile(), Recipe.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "recipe " + file + ": wanted the keys of the committed one, found " + e.getMessage(), e);
    }
  }

  /** SHA-256 over the values of any part of a recipe, as lower-case hex; layout does not matter. */
  static String digest(Object... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(MAPPER.writeValueAsBytes(parts)));
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException("a recipe is always JSON, and every JDK has SHA-256", e);
    }
  }
}
