package dev.plumbline.torch.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArtefactFolderTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path temp;

  @Test
  void read_ofWhatWasWritten_isEqualInEveryField() {
    for (long seed = 0; seed < 50; seed++) {
      for (Artefact artefact :
          List.of(SampleArtefacts.full(seed), SampleArtefacts.withoutShift(seed))) {
        Path folder = ArtefactFolder.named(temp, artefact);
        ArtefactFolder.write(artefact, folder);
        assertThat(ArtefactFolder.read(folder)).isEqualTo(artefact);
      }
    }
  }

  @Test
  void write_overAnArtefact_leavesTheNewOneAndNothingElse() throws IOException {
    Path folder = written();
    ArtefactFolder.write(SampleArtefacts.full(2), folder);
    assertThat(ArtefactFolder.read(folder)).isEqualTo(SampleArtefacts.full(2));
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files).containsExactly(folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("direction.json", "direction.safetensors");
    }
  }

  @Test
  void write_whereItFails_leavesTheOldOne() {
    Path folder = written();
    assertThatThrownBy(
            () ->
                Replacement.write(
                    folder,
                    part -> {
                      Files.writeString(part.resolve("direction.json"), "half");
                      throw new IOException("disk full");
                    }))
        .hasMessageContaining("could not write");
    assertThat(ArtefactFolder.read(folder)).isEqualTo(SampleArtefacts.full(1));
    assertThat(temp.toFile().list()).hasSize(1);
  }

  @Test
  void write_overSomethingElse_isRefused() throws IOException {
    Path other = Files.createDirectories(temp.resolve("thesis.direction"));
    Files.writeString(other.resolve("chapter1"), "years of work");
    assertThatThrownBy(() -> ArtefactFolder.write(SampleArtefacts.full(1), other))
        .hasMessageContaining("found " + other + " without direction.json");
    assertThatThrownBy(() -> ArtefactFolder.write(SampleArtefacts.full(1), temp.resolve("home")))
        .hasMessageContaining("ends in .direction");
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "format_version",
            json -> json.put("format_version", 2),
            "found plumbline-direction version 2"),
        damage(
            "format", json -> json.put("format", "other"), "wanted plumbline-direction version 1"),
        damage("no format", json -> json.remove("format"), "found nothing version 1"),
        damage(
            "an unknown key", json -> json.put("colour", "red"), "key colour: wanted no such key"),
        damage(
            "a missing key", json -> json.remove("mask"), "key mask: wanted the key, found none"),
        damage("another sign", json -> json.put("sign", "positive_is_aligned"), "key sign"),
        damage("another mask", json -> json.put("mask", "all"), "key mask: wanted one of"),
        damage("an instant", json -> json.put("created", "yesterday at half past five"), "created"),
        damage(
            "a text for a number",
            json -> at(json, "probe").put("bias", "1"),
            "key probe.bias: wanted a value of type number"),
        damage(
            "a tap point",
            json -> first(json).put("tap_point", "resid_pre.1"),
            "key directions[0].tap_point"),
        damage(
            "a tap point twice",
            json -> first(json).put("tap_point", "resid_mid.0"),
            "its tensors"),
        damage("a layer too many", json -> at(json, "model").put("layers", 2), "resid_post.2"),
        damage("another width", json -> at(json, "model").put("hidden", 8), "wanted F32 [8]"),
        damage("a spread of 0", json -> first(json).put("aligned_spread", 0), "more than 0"),
        damage(
            "a threshold of 1",
            json -> at(json, "calibration").put("threshold_answer", 1),
            "less than 1"),
        damage(
            "a slope below 0", json -> at(json, "calibration").put("a", -1), "key calibration.a"),
        damage("an unknown pooling", json -> at(json, "probe").put("pooling", "median"), "pooling"),
        damage(
            "unequal scales",
            json -> ((ObjectNode) at(json, "probe").get("scale")).putArray("means").add(1),
            "offset spreads"),
        damage(
            "a wide seed",
            json -> at(json, "provenance").put("seed", new BigInteger("99999999999999999999")),
            "key provenance.seed"),
        damage(
            "another digest",
            json -> at(json, "tensors").put("sha256", "0".repeat(64)),
            "not of one artefact"),
        damage(
            "a path",
            json -> at(json, "tensors").put("file", "../x"),
            "wanted direction.safetensors"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void read_ofADamagedFile_saysWhere(String what, Consumer<ObjectNode> damage, String message)
      throws IOException {
    Path file = written().resolve("direction.json");
    ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
    damage.accept(json);
    MAPPER.writeValue(file.toFile(), json);
    assertBad(file.getParent(), message);
  }

  @Test
  void read_ofNumbersThatAreNone_saysWhere() throws IOException {
    Path file = written().resolve("direction.json");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"bias\" : [^,]+", "\"bias\" : 1e999"));
    assertBad(file.getParent(), "key probe.bias");
    Files.writeString(file, text.replaceFirst("\"bias\" : [^,]+", "\"bias\" : NaN"));
    assertBad(file.getParent(), "line");
  }

  @Test
  void read_withoutTensorsOrWithOthers_saysSo() throws IOException {
    Path folder = written();
    Path tensors = folder.resolve("direction.safetensors");
    Path other = temp.resolve("other.direction");
    ArtefactFolder.write(SampleArtefacts.full(9), other);
    Files.copy(
        other.resolve("direction.safetensors"), tensors, StandardCopyOption.REPLACE_EXISTING);
    assertBad(folder, "not of one artefact");
    Files.delete(tensors);
    assertBad(folder, "wanted a readable file");
    assertBad(temp.resolve("nothing.direction"), "wanted a readable file");
  }

  /** Whatever a flipped byte or a cut does, it is one clear error or another sound artefact. */
  @Test
  void read_ofAnyDamagedByte_isRefusedOrRead() throws IOException {
    Path folder = written();
    Random random = new Random(5);
    for (String name : List.of("direction.json", "direction.safetensors")) {
      Path file = folder.resolve(name);
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 300; i++) {
        byte[] bad = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
        if (bad.length > 0) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        Files.write(file, bad);
        try {
          ArtefactFolder.read(folder);
        } catch (BadFileException expected) {
          assertThat(expected).hasMessageContaining("wanted").hasMessageContaining("found");
        }
      }
      Files.write(file, good);
    }
    assertThat(ArtefactFolder.read(folder)).isEqualTo(SampleArtefacts.full(1));
  }

  private static void assertBad(Path folder, String message) {
    assertThatThrownBy(() -> ArtefactFolder.read(folder))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(message);
  }

  private Path written() {
    Path folder = temp.resolve("em.direction");
    ArtefactFolder.write(SampleArtefacts.full(1), folder);
    return folder;
  }

  private static Arguments damage(String what, Consumer<ObjectNode> damage, String message) {
    return Arguments.of(what, damage, message);
  }

  private static ObjectNode at(JsonNode json, String key) {
    return (ObjectNode) json.get(key);
  }

  private static ObjectNode first(JsonNode json) {
    return (ObjectNode) json.get("directions").get(0);
  }
}
