package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlVectorFileTest {
  private static final Direction D = Direction.of(1f, -2f, 0.5f, 3f);

  @TempDir Path folder;

  private Path file(GgufWriter writer) {
    Path file = folder.resolve("control.gguf");
    writer.write(file);
    return file;
  }

  private static GgufWriter control() {
    return new GgufWriter().text("general.architecture", "controlvector");
  }

  private static GgufWriter row(GgufWriter writer, int n, float... values) {
    List<Long> shape = List.of((long) values.length);
    return writer.tensor("direction." + n, TensorType.F32, shape, () -> values);
  }

  /** As repeng and cvector-generator write: a signed or unsigned count, N from 1 on. */
  private static GgufWriter repeng() {
    GgufWriter writer =
        control().text("controlvector.model_hint", "mistral").u32("controlvector.layer_count", 2);
    return row(row(writer, 1, 0.5f, 0, 0, 2), 2, 1, 1, 1, 1);
  }

  /** As EasySteer writes: floats and texts mixed, direction.0, rows of length 1, any order. */
  private static GgufWriter easySteer() {
    GgufWriter writer =
        control()
            .text("controlvector.method", "caa")
            .f32("controlvector.normalize", 1)
            .text("controlvector.model_hint", "qwen2")
            .text("controlvector.token_pos", "-1")
            .f32("controlvector.n_positive", 64)
            .f32("controlvector.explained_variance.1", 0.25f)
            .f32("controlvector.layer_count", 2);
    return row(row(writer, 1, 0, 0.6f, 0.8f, 0), 0, 0, 0, 0, 1);
  }

  @Test
  void open_repengsDialect_isReadWhole() {
    ControlVectorFile read = ControlVectorFile.open(file(repeng()));
    assertThat(read.dialect()).isEqualTo(ControlVectorDialect.LLAMA_CPP);
    assertThat(read.numbers()).containsExactly(1, 2);
    assertThat(read.width()).isEqualTo(4);
    assertThat(read.row(1)).containsExactly(0.5f, 0, 0, 2);
    assertThat(read.modelHint()).contains("mistral");
    assertThat(read.metadata("layer_count")).contains("2");
    assertThat(read.unitRows()).isFalse();
  }

  @Test
  void open_easySteersDialect_isReadWhateverItsTypes() {
    ControlVectorFile read = ControlVectorFile.open(file(easySteer()));
    assertThat(read.dialect()).isEqualTo(ControlVectorDialect.EASYSTEER);
    assertThat(read.numbers()).containsExactly(0, 1);
    assertThat(read.metadata("token_pos")).contains("-1");
    assertThat(read.metadata("n_positive")).contains("64.0");
    assertThat(read.metadata("nothing")).isEmpty();
    assertThat(read.unitRows()).isTrue();
  }

  @Test
  void write_whatWasRead_isTheSameBytes() throws IOException {
    for (GgufWriter writer : List.of(repeng(), easySteer(), row(control(), 7, 1, 2, 3))) {
      Path file = file(writer);
      byte[] padded = Files.readAllBytes(file);
      int padding = 32 - 4 * ControlVectorFile.open(file).width();
      byte[] cut = Arrays.copyOf(padded, padded.length - padding);
      for (byte[] bytes : List.of(padded, cut)) {
        Files.write(file, bytes);
        Path again = folder.resolve("again.gguf");
        ControlVectorFile.open(file).write(again);
        assertThat(Files.readAllBytes(again)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void plan_ofEachConvention_pushesWhereItSays() {
    ControlVectorFile read = ControlVectorFile.open(file(easySteer()));
    assertThat(read.plan(LayerConvention.OUTPUT_OF_N, 3, 2).interventions())
        .containsOnlyKeys(TapPoint.residPost(0), TapPoint.residPost(1));
    InterventionPlan after = read.plan(LayerConvention.AFTER_N_BLOCKS, 3, 2);
    assertThat(after.interventions()).containsOnlyKeys(TapPoint.EMBED, TapPoint.residPost(0));
    Steering push = (Steering) after.interventions().get(TapPoint.residPost(0));
    assertThat(push.coefficient() * push.spread()).isCloseTo(2, within(1e-6));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read.plan(LayerConvention.OUTPUT_OF_N, 1, 2));
  }

  @Test
  void writeForLlamaCpp_coefficientOfSpreads_isThePushOfSteering() {
    TapDirection tap = new TapDirection(TapPoint.residPost(5), D, 0.3, 0.7);
    Path out = folder.resolve("out.gguf");
    ControlVector.of("llama", 8, tap, -2).writeForLlamaCpp(out);
    ControlVectorFile read = ControlVectorFile.open(out);
    assertThat(read.numbers()).containsExactly(5);
    assertThat(read.modelHint()).contains("llama");
    for (int i = 0; i < 4; i++) {
      assertThat((double) read.row(5)[i]).isCloseTo(-1.4 * D.exact()[i], within(1e-6));
    }
    double[] hidden = {1, 2, 3, 4};
    double[] wanted = new Steering(D, -2, 0.7).apply(hidden);
    double[] found =
        read.plan(LayerConvention.OUTPUT_OF_N, 8, 1)
            .interventions()
            .get(TapPoint.residPost(5))
            .apply(hidden);
    assertThat(found).containsExactly(wanted, within(1e-6));
  }

  @Test
  void writeForEasySteer_rowIsOfLengthOneUnderTheChosenNumber() {
    TapDirection tap = new TapDirection(TapPoint.residPost(5), D, 0.3, 0.7);
    ControlVector vector = ControlVector.of("llama", 8, tap, 2);
    Path out = folder.resolve("out.gguf");
    vector.writeForEasySteer(out, LayerConvention.AFTER_N_BLOCKS);
    ControlVectorFile read = ControlVectorFile.open(out);
    assertThat(read.dialect()).isEqualTo(ControlVectorDialect.EASYSTEER);
    assertThat(read.numbers()).containsExactly(6);
    assertThat(read.unitRows()).isTrue();
    assertThat(vector.length()).isCloseTo(1.4, within(1e-12));
  }

  @Test
  void write_whatAServerCannotAdd_isRefused() {
    TapDirection mid = new TapDirection(TapPoint.residMid(5), D, 0.3, 0.7);
    assertThatIllegalArgumentException().isThrownBy(() -> ControlVector.of("llama", 8, mid, 1));
    ControlVector first = new ControlVector("llama", 8, 0, D, 1);
    Path out = folder.resolve("out.gguf");
    assertThatIllegalArgumentException().isThrownBy(() -> first.writeForLlamaCpp(out));
    assertThat(out).doesNotExist();
    assertThatIllegalArgumentException().isThrownBy(() -> new ControlVector("llama", 8, 8, D, 1));
  }

  @Test
  void open_fileThatIsNoControlVector_isOneRefusal() {
    List<GgufWriter> hostile =
        List.of(
            control(),
            row(new GgufWriter().text("general.architecture", "llama"), 1, 1),
            row(new GgufWriter(), 1, 1),
            row(row(control(), 1, 1, 2), 2, 1),
            row(control(), 1, Float.NaN),
            row(control(), 10_000, 1),
            control().tensor("direction.-1", TensorType.F32, List.of(1L), () -> new float[1]),
            control().tensor("direction.01", TensorType.F32, List.of(1L), () -> new float[1]),
            control().tensor("other", TensorType.F32, List.of(1L), () -> new float[1]),
            control().tensor("direction.1", TensorType.F16, List.of(1L), () -> new float[1]),
            control().tensor("direction.1", TensorType.F32, List.of(1L, 1L), () -> new float[1]));
    for (GgufWriter writer : hostile) {
      Path file = file(writer);
      assertThatThrownBy(() -> ControlVectorFile.open(file)).isInstanceOf(BadFileException.class);
    }
  }

  @Test
  void open_damagedFile_isReadOrOneRefusal() throws IOException {
    byte[] sound = Files.readAllBytes(file(easySteer()));
    Random random = new Random(3);
    Path file = folder.resolve("damaged.gguf");
    for (int i = 0; i < 400; i++) {
      byte[] bytes = Arrays.copyOf(sound, sound.length - (i % 5 == 0 ? random.nextInt(100) : 0));
      for (int k = 0; k <= i % 3; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        ControlVectorFile.open(file).write(folder.resolve("again.gguf"));
        assertThat(Files.readAllBytes(folder.resolve("again.gguf"))).isEqualTo(bytes);
      } catch (BadFileException refused) {
        assertThat(refused.getMessage()).contains("wanted").contains("found");
      }
    }
  }
}
