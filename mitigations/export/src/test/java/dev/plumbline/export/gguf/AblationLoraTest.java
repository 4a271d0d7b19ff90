package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.RankOne;
import dev.plumbline.torch.checkpoint.file.Gguf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationLoraTest {
  private static final Direction D = Direction.of(1f, -2f, 0.5f, 3f);

  @TempDir Path folder;

  private AblationLora.Result write(TinyBase base, LoraPlan plan, Path out) {
    return AblationLora.write(base.write(folder.resolve("base.gguf")), plan, out);
  }

  @Test
  void write_untiedBase_hasTheNamesShapesAndKeysThatLlamaCppLoads() {
    Path out = folder.resolve("lora.gguf");
    AblationLora.Result result = write(TinyBase.untied(), LoraPlan.writers(D), out);
    Gguf lora = Gguf.open(out);
    assertThat(lora.metadata().requireText("general.type")).isEqualTo("adapter");
    assertThat(lora.metadata().requireText("general.architecture")).isEqualTo("llama");
    assertThat(lora.metadata().requireText("adapter.type")).isEqualTo("lora");
    assertThat(lora.metadata().number("adapter.lora.alpha")).contains(1.0);
    assertThat(lora.names())
        .containsExactly(
            "token_embd.weight.lora_a",
            "token_embd.weight.lora_b",
            "blk.0.attn_output.weight.lora_a",
            "blk.0.attn_output.weight.lora_b",
            "blk.0.ffn_down.weight.lora_a",
            "blk.0.ffn_down.weight.lora_b",
            "blk.1.attn_output.weight.lora_a",
            "blk.1.attn_output.weight.lora_b",
            "blk.1.ffn_down.weight.lora_a",
            "blk.1.ffn_down.weight.lora_b");
    assertThat(lora.info("token_embd.weight.lora_a").shape()).containsExactly(6L, 1L);
    assertThat(lora.info("token_embd.weight.lora_b").shape()).containsExactly(4L, 1L);
    assertThat(lora.info("blk.0.ffn_down.weight.lora_a").shape()).containsExactly(1L, 5L);
    assertThat(lora.info("blk.0.ffn_down.weight.lora_b").shape()).containsExactly(4L, 1L);
    assertThat(result.leftOut()).hasSize(2).allMatch(line -> line.contains("attn_output.bias"));
  }

  @Test
  void write_everyWriter_writesNothingAlongTheDirection() {
    TinyBase base = TinyBase.untied();
    Path out = folder.resolve("lora.gguf");
    write(base, LoraPlan.writers(D), out);
    Gguf lora = Gguf.open(out);
    for (String name : List.of("blk.0.attn_output.weight", "blk.1.ffn_down.weight")) {
      float[] changed = changed(base, lora, name, 4);
      for (int i = 0; i < changed.length / 4; i++) {
        assertThat(along(changed, i, changed.length / 4)).isCloseTo(0, within(1e-6));
      }
    }
    float[] a = lora.read("token_embd.weight.lora_a");
    float[] b = lora.read("token_embd.weight.lora_b");
    for (int v = 0; v < TinyBase.VOCAB; v++) {
      double part = 0;
      for (int i = 0; i < 4; i++) {
        part += D.exact()[i] * (base.weight("token_embd.weight")[v * 4 + i] + a[v] * b[i]);
      }
      assertThat(part).isCloseTo(0, within(1e-6));
    }
  }

  private static float[] changed(TinyBase base, Gguf lora, String name, int out) {
    float[] w = base.weight(name).clone();
    float[] a = lora.read(name + ".lora_a");
    float[] b = lora.read(name + ".lora_b");
    int in = w.length / out;
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        w[o * in + i] += b[o] * a[i];
      }
    }
    return w;
  }

  private static double along(float[] w, int column, int in) {
    double part = 0;
    for (int o = 0; o < 4; o++) {
      part += D.exact()[o] * w[o * in + column];
    }
    return part;
  }

  @Test
  void write_experts_changesEachByItsOwnPart() {
    TinyBase base = TinyBase.mixture(3);
    Path out = folder.resolve("lora.gguf");
    write(base, LoraPlan.writers(D), out);
    Gguf lora = Gguf.open(out);
    String name = "blk.1.ffn_down_exps.weight";
    assertThat(lora.info(name + ".lora_a").shape()).containsExactly(3L, 1L, 5L);
    assertThat(lora.info(name + ".lora_b").shape()).containsExactly(3L, 4L, 1L);
    float[] w = base.weight(name);
    float[] a = lora.read(name + ".lora_a");
    for (int e = 0; e < 3; e++) {
      for (int i = 0; i < 5; i++) {
        double part = 0;
        for (int o = 0; o < 4; o++) {
          part += D.exact()[o] * w[(e * 4 + o) * 5 + i];
        }
        assertThat((double) a[e * 5 + i]).isCloseTo(part, within(1e-6));
      }
    }
  }

  @Test
  void write_tiedBase_leavesTheEmbeddingAndSaysSo() {
    Path out = folder.resolve("lora.gguf");
    AblationLora.Result result = write(TinyBase.tied(), LoraPlan.both(D), out);
    assertThat(result.leftOut()).singleElement().asString().contains("tied");
    assertThat(Gguf.open(out).names())
        .noneMatch(name -> name.startsWith("token_embd"))
        .contains("blk.1.attn_q.weight.lora_a", "blk.0.ffn_up.weight.lora_b");
  }

  @Test
  void write_coveredReader_isBlindToTheDirectionBehindTheNormsScale() {
    TinyBase base = TinyBase.tied();
    Path out = folder.resolve("lora.gguf");
    write(base, LoraPlan.both(D), out);
    float[] w = changed(base, Gguf.open(out), "blk.0.attn_k.weight", 4);
    float[] g = base.weight("blk.0.attn_norm.weight");
    for (int o = 0; o < 4; o++) {
      double seen = 0;
      for (int i = 0; i < 4; i++) {
        seen += w[o * 4 + i] * g[i] * D.exact()[i];
      }
      assertThat(seen).isCloseTo(0, within(1e-5));
    }
  }

  @Test
  void write_readersOfExperts_areBlindAndTheRouterIsNamed() {
    TinyBase base = TinyBase.mixture(3);
    Path out = folder.resolve("lora.gguf");
    AblationLora.Result result = write(base, LoraPlan.both(D), out);
    Gguf lora = Gguf.open(out);
    String name = "blk.0.ffn_up_exps.weight";
    assertThat(lora.info(name + ".lora_a").shape()).containsExactly(3L, 1L, 4L);
    assertThat(lora.info(name + ".lora_b").shape()).containsExactly(3L, 5L, 1L);
    float[] w = base.weight(name);
    float[] a = lora.read(name + ".lora_a");
    float[] b = lora.read(name + ".lora_b");
    float[] g = base.weight("blk.0.ffn_norm.weight");
    for (int row = 0; row < 15; row++) {
      double seen = 0;
      for (int i = 0; i < 4; i++) {
        seen += (w[row * 4 + i] + b[row] * a[row / 5 * 4 + i]) * g[i] * D.exact()[i];
      }
      assertThat(seen).isCloseTo(0, within(1e-5));
    }
    assertThat(result.leftOut()).hasSize(2).allMatch(line -> line.contains("ffn_gate_inp"));
  }

  @Test
  void write_strengthByTapPoint_changesOnlyWhereItIsAboveZero() {
    Path out = folder.resolve("lora.gguf");
    LoraPlan plan = new LoraPlan(D, p -> p.equals(TapPoint.residPost(1)) ? 0.5 : 0, true, false);
    assertThat(write(TinyBase.untied(), plan, out).tensors())
        .containsExactly("blk.1.ffn_down.weight");
    float[] b = Gguf.open(out).read("blk.1.ffn_down.weight.lora_b");
    for (int i = 0; i < 4; i++) {
      assertThat((double) b[i]).isCloseTo(-0.5 * D.exact()[i], within(1e-7));
    }
    LoraPlan nothing = new LoraPlan(D, p -> 0, true, true);
    assertThatIllegalArgumentException().isThrownBy(() -> write(TinyBase.tied(), nothing, out));
  }

  @Test
  void write_normBehindAWriter_isRefused() {
    TinyBase base = TinyBase.untied();
    base.add("blk.1.post_ffw_norm.weight", 4);
    Path out = folder.resolve("lora.gguf");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> write(base, LoraPlan.writers(D), out))
        .withMessageContaining("post_ffw_norm");
    assertThat(Files.exists(out)).isFalse();
  }

  @Test
  void writeRankOnes_twice_areTheSameBytes() throws Exception {
    List<RankOne> changes =
        List.of(
            new RankOne("token_embd.weight", new float[] {1, 2, 3}, new float[] {4, 5}),
            new RankOne("blk.0.ffn_down.weight", new float[] {1, 2, 3}, new float[] {4, 5}));
    GgufLora.write(folder.resolve("a.gguf"), "qwen2", 1, changes);
    GgufLora.write(folder.resolve("b.gguf"), "qwen2", 1, changes);
    assertThat(Files.readAllBytes(folder.resolve("a.gguf")))
        .isEqualTo(Files.readAllBytes(folder.resolve("b.gguf")));
    Gguf lora = Gguf.open(folder.resolve("a.gguf"));
    assertThat(lora.info("token_embd.weight.lora_a").shape()).containsExactly(3L, 1L);
    assertThat(lora.info("blk.0.ffn_down.weight.lora_a").shape()).containsExactly(1L, 3L);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GgufLora.write(folder.resolve("c.gguf"), "qwen2", 0, changes));
  }
}
