package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.reference.ReferenceTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTest {
  private static final long[] IDS = TinyModel.tokens(8, 50, 2);

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 32, 33, 60})
  void readouts_overSeveralPoints_equalTheFloat64Reference(int count) {
    long[] ids = TinyModel.tokens(count, 50, 2);
    List<Readout> readouts =
        List.of(
            Readout.projection("a", TapPoint.EMBED, TinyModel.direction(24, 1)),
            readout("b", 0.25, TapPoint.residMid(1), TapPoint.residPost(0), TapPoint.FINAL_NORM),
            readout("c", -1, TapPoint.residPost(1)),
            readout("d", 0, TapPoint.residPre(1)));
    ReferenceTrace trace = TinyModel.reference("llama_tied", ids, InterventionPlan.none());
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Watch watch = decoder.watch(List.of(), readouts);
        Pass pass =
            decoder.forward(new long[][] {ids}, null, watch, null, null, Decoder.Logits.NONE)) {
      double[] found = pass.readouts();
      assertThat(found).hasSize(ids.length * readouts.size());
      for (int t = 0; t < ids.length; t++) {
        for (int k = 0; k < readouts.size(); k++) {
          double wanted = readouts.get(k).evaluate(states(trace, readouts.get(k), t));
          assertThat(found[t * readouts.size() + k]).isCloseTo(wanted, within(1e-4));
        }
      }
    }
  }

  /**
   * The program multiplies once with each matrix that is there: one a tap point, of K rows, and one
   * of all points together for passes over a few tokens.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 33})
  void readouts_ofManyDirections_areOneProductAtEachPoint(int k) {
    List<Readout> readouts = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      readouts.add(readout("d" + i, i, TapPoint.residPost(0), TapPoint.residPost(1)));
    }
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Watch watch = decoder.watch(List.of(), readouts);
        PtNDManager manager = (PtNDManager) decoder.manager().newSubManager()) {
      List<Shape> matrices =
          Arrays.stream(watch.heads().toTensorArray(manager))
              .map(PtNDArray::getShape)
              .filter(shape -> shape.size() > 0)
              .toList();
      assertThat(matrices).containsExactly(new Shape(k, 24), new Shape(k, 24), new Shape(k, 48));
    }
  }

  @Test
  void forward_readoutsOnly_copiesNoStateToTheHost() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Watch watch = decoder.watch(List.of(), List.of(readout("a", 0, TapPoint.residPost(0))));
        Pass pass =
            decoder.forward(new long[][] {IDS}, null, watch, null, null, Decoder.Logits.LAST)) {
      long before = Host.bytesCopied();
      pass.readouts();
      pass.sample(new Sampling[] {Sampling.GREEDY}, new double[1]);
      assertThat(Host.bytesCopied() - before).isEqualTo(4L * IDS.length + 8);
    }
  }

  @Test
  void states_beforeAnEditAtTheSamePoint_areUnedited() {
    TapPoint point = TapPoint.residPost(0);
    InterventionPlan plan =
        new InterventionPlan(
            Map.of(
                point,
                dev.plumbline.mitigations.DirectionalAblation.plain(TinyModel.direction(24, 4))),
            dev.plumbline.mitigations.TokenRange.ALL);
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Watch watch = decoder.watch(List.of(point), List.of());
        Edits edits = decoder.edits(List.of(plan));
        Pass plain =
            decoder.forward(new long[][] {IDS}, null, watch, null, null, Decoder.Logits.NONE);
        Pass edited =
            decoder.forward(new long[][] {IDS}, null, watch, edits, null, Decoder.Logits.NONE)) {
      assertThat(edited.states(point)).isEqualTo(plain.states(point));
    }
  }

  @Test
  void states_intoAnArrayThatIsKept_areTheSameAndTheArrayItself() {
    TapPoint point = TapPoint.residPost(0);
    float[] room = new float[IDS.length * 24 + 3];
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Watch watch = decoder.watch(List.of(point), List.of());
        Pass pass =
            decoder.forward(new long[][] {IDS}, null, watch, null, null, Decoder.Logits.NONE)) {
      long before = Host.bytesCopied();
      float[] kept = pass.states(point, room);

      assertThat(Host.bytesCopied() - before).isEqualTo(4L * IDS.length * 24);
      assertThat(kept).isSameAs(room).startsWith(pass.states(point));
      assertThat(pass.states(point, new float[3])).isEqualTo(pass.states(point));
    }
  }

  @Test
  void states_notWatched_areRefusedByName() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Watch watch = decoder.watch(List.of(TapPoint.EMBED), List.of());
        Pass pass =
            decoder.forward(new long[][] {IDS}, null, watch, null, null, Decoder.Logits.NONE)) {
      assertThatThrownBy(() -> pass.states(TapPoint.residMid(0)))
          .hasMessageContaining("resid_mid.0")
          .hasMessageContaining("embed");
    }
  }

  private static Readout readout(String name, double bias, TapPoint... points) {
    Map<TapPoint, float[]> weights = new HashMap<>();
    for (TapPoint point : points) {
      weights.put(point, TinyModel.direction(24, point.hashCode() % 97).components());
    }
    return new Readout(name, weights, bias);
  }

  private static Map<TapPoint, float[]> states(ReferenceTrace trace, Readout readout, int t) {
    Map<TapPoint, float[]> states = new HashMap<>();
    for (TapPoint point : readout.tapPoints()) {
      int s = point.streamIndex(trace.layers());
      double[] h = s == 2 * trace.layers() + 1 ? trace.finalNorm()[t] : trace.stream(s)[t];
      float[] narrow = new float[h.length];
      for (int i = 0; i < h.length; i++) {
        narrow[i] = (float) h[i];
      }
      states.put(point, narrow);
    }
    return states;
  }
}
