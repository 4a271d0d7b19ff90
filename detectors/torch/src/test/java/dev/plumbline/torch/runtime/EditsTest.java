package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AblateThenAdd;
import dev.plumbline.mitigations.Capping;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.NormPreserving;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.SubspaceAblation;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.reference.ReferenceTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of intervention, at single tap points, per row and per token range, against the
 * float64 reference that applies {@link Intervention#apply} after each writer.
 */
class EditsTest {
  private static final int T = 9;

  static Stream<Arguments> interventions() {
    Direction d = TinyModel.direction(24, 7);
    List<Intervention> kinds =
        List.of(
            DirectionalAblation.plain(d),
            DirectionalAblation.affine(d, 0.7),
            new DirectionalAblation(d, 0.4, -0.3),
            new Steering(d, -2, 0.6),
            Capping.above(d, 0.05),
            new Capping(d, -0.02, 0.02),
            new AblateThenAdd(d, 0.1, -2, 0.3),
            span(7),
            new SubspaceAblation(span(9).subspace(), 0.6, List.of(0.3, -0.2, 0.1)),
            new NormPreserving(DirectionalAblation.affine(d, 0.7)),
            new NormPreserving(new Steering(d, -2, 0.6)),
            new NormPreserving(span(7)));
    return Stream.of("llama_tied", "mistral_window", "qwen3")
        .flatMap(
            name ->
                Stream.of("embed", "resid_mid.0", "resid_post.0", "resid_mid.1")
                    .flatMap(at -> kinds.stream().map(kind -> Arguments.of(name, at, kind))));
  }

  /** Three directions that are not orthogonal. */
  private static SubspaceAblation span(long seed) {
    Direction d = TinyModel.direction(24, seed);
    double[] near = d.addTo(TinyModel.direction(24, seed + 1).exact(), 2);
    return SubspaceAblation.plain(d, Direction.of(near), TinyModel.direction(24, seed + 2));
  }

  @ParameterizedTest
  @MethodSource("interventions")
  void forward_oneKindAtOnePoint_equalsTheReference(String name, String at, Intervention kind) {
    InterventionPlan plan = new InterventionPlan(Map.of(TapPoint.parse(at), kind), TokenRange.ALL);
    try (Decoder decoder = TinyModel.decoder(name, Precision.FLOAT32)) {
      check(decoder, name, List.of(plan), List.of(TinyModel.tokens(T, 50, 1)));
    }
  }

  @Test
  void forward_otherPlanInEachRow_equalsEachReference() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      List<InterventionPlan> plans = wide();
      List<long[]> rows = new ArrayList<>();
      for (int i = 0; i < plans.size(); i++) {
        rows.add(TinyModel.tokens(T, 50, i));
      }
      check(decoder, "llama_tied", plans, rows);
    }
  }

  @Test
  void forward_tokenRanges_touchOnlyThem() {
    InterventionPlan plan = InterventionPlan.shared(TinyModel.direction(24, 3), 2);
    List<InterventionPlan> plans =
        List.of(
            plan.over(new TokenRange(0, 1)),
            plan.over(new TokenRange(3, 6)),
            plan.over(TokenRange.from(8)),
            InterventionPlan.none());
    long[] ids = TinyModel.tokens(T, 50, 5);
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      check(decoder, "llama_tied", plans, List.of(ids, ids, ids, ids));
    }
  }

  @Test
  void forward_paddedRowsInACache_countPositionsFromTheirOwnFirstToken() {
    List<InterventionPlan> plans =
        List.of(
            InterventionPlan.shared(TinyModel.direction(24, 3), 2).over(new TokenRange(2, 5)),
            mixed().get(1).over(new TokenRange(1, 8)));
    long[] longer = TinyModel.tokens(T, 50, 1);
    long[] shorter = TinyModel.tokens(T - 4, 50, 2);
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Edits edits = decoder.edits(plans);
        KvCache cache = decoder.cache(new long[] {0, 4}, T)) {
      double[] last = new double[0];
      long[] padded = new long[T];
      System.arraycopy(shorter, 0, padded, 4, shorter.length);
      for (int[] part : new int[][] {{0, 6}, {6, 7}, {7, 9}}) {
        long[][] tokens = {
          Arrays.copyOfRange(longer, part[0], part[1]), Arrays.copyOfRange(padded, part[0], part[1])
        };
        try (Pass pass = decoder.forward(tokens, cache, null, edits, null, Decoder.Logits.LAST)) {
          last = TinyModel.widen(pass.logitsToHost());
        }
      }
      row(last, 0, TinyModel.reference("llama_tied", longer, plans.get(0)));
      row(last, 1, TinyModel.reference("llama_tied", shorter, plans.get(1)));
    }
  }

  static Stream<Arguments> stepwise() {
    Direction d = TinyModel.direction(24, 3);
    InterventionPlan simple = InterventionPlan.shared(d, 2, point -> 0.2 + 0.1 * point.layer());
    InterventionPlan spanned =
        new InterventionPlan(
            Map.of(TapPoint.EMBED, span(3), TapPoint.residPost(0), span(5)), TokenRange.ALL);
    return Stream.of(simple, spanned, simple.keepingNorm(), spanned.keepingNorm())
        .flatMap(plan -> Stream.of(Arguments.of(false, plan), Arguments.of(true, plan)));
  }

  @ParameterizedTest
  @MethodSource("stepwise")
  void forward_oneTokenAtATime_equalsTheReference(boolean frozen, InterventionPlan plan) {
    long[] ids = TinyModel.tokens(T, 50, 6);
    double[] change = new double[2];
    ReferenceTrace wanted = TinyModel.reference("llama_tied", ids, plan, change);
    double removed = 0;
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Edits edits = decoder.edits(List.of(plan));
        KvCache cache = decoder.cache(new long[1], T)) {
      if (frozen) {
        decoder.freeze();
      }
      for (int t = 0; t < T; t++) {
        try (Pass pass =
            decoder.forward(
                new long[][] {{ids[t]}}, cache, null, edits, null, Decoder.Logits.LAST)) {
          double[] found = TinyModel.widen(pass.logitsToHost());
          assertThat(TinyModel.distance(found, wanted.logits()[t])).isLessThan(1e-5);
          removed += pass.removed()[0];
        }
      }
    }
    assertThat(removed).isCloseTo(change[0], within(1e-4));
  }

  @Test
  void forward_rowWithoutAPlanBesideEditedOnes_isBitForBitThePlainRow() {
    long[] ids = TinyModel.tokens(T, 50, 9);
    List<InterventionPlan> none = List.of(InterventionPlan.none(), InterventionPlan.none());
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      float[] plain = logits(decoder, none, ids);
      int half = plain.length / 2;
      for (InterventionPlan plan : wide()) {
        float[] beside = logits(decoder, List.of(plan, InterventionPlan.none()), ids);
        assertThat(Arrays.copyOfRange(beside, half, 2 * half))
            .isEqualTo(Arrays.copyOfRange(plain, half, 2 * half));
        assertThat(Arrays.equals(Arrays.copyOf(beside, half), Arrays.copyOf(plain, half)))
            .isEqualTo(plan.isEmpty());
      }
    }
  }

  @Test
  void edits_outsideTheModelOrOfAnotherWidth_areRefusedAndNotIgnored() {
    Direction d = TinyModel.direction(24, 3);
    InterventionPlan deeper = InterventionPlan.shared(d, 3);
    InterventionPlan narrower = InterventionPlan.shared(TinyModel.direction(23, 3), 2);
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32)) {
      assertThatThrownBy(() -> decoder.edits(List.of(deeper))).hasMessageContaining("layer below");
      assertThatThrownBy(() -> decoder.edits(List.of(narrower))).hasMessageContaining("size 24");
    }
  }

  private static float[] logits(Decoder decoder, List<InterventionPlan> plans, long[] ids) {
    try (Edits edits = decoder.edits(plans);
        Pass pass =
            decoder.forward(new long[][] {ids, ids}, null, null, edits, null, Decoder.Logits.ALL)) {
      return pass.logitsToHost();
    }
  }

  private static List<InterventionPlan> mixed() {
    Direction d = TinyModel.direction(24, 11);
    return List.of(
        InterventionPlan.shared(d, 2),
        new InterventionPlan(
            Map.of(TapPoint.residMid(0), new Steering(d, 1.5, 0.4)), TokenRange.ALL),
        new InterventionPlan(
            Map.of(TapPoint.EMBED, Capping.above(d, 0), TapPoint.residPost(1), Capping.above(d, 0)),
            new TokenRange(2, 7)),
        InterventionPlan.none(),
        new InterventionPlan(
            Map.of(TapPoint.residPost(0), new DirectionalAblation(d, 0.5, 1)), TokenRange.ALL));
  }

  /** Beside the simple ones: several axes at some points, and norms kept in some rows. */
  private static List<InterventionPlan> wide() {
    List<InterventionPlan> plans = new ArrayList<>(mixed());
    Map<TapPoint, Intervention> some =
        Map.of(TapPoint.EMBED, span(3), TapPoint.residPost(0), new NormPreserving(span(5)));
    plans.add(new InterventionPlan(some, new TokenRange(1, 8)));
    plans.add(mixed().get(0).keepingNorm());
    plans.add(mixed().get(2).keepingNorm());
    return plans;
  }

  /** Logits and receipts of each row against its own reference. */
  private static void check(
      Decoder decoder, String name, List<InterventionPlan> plans, List<long[]> rows) {
    try (Edits edits = decoder.edits(plans);
        Pass pass =
            decoder.forward(
                rows.toArray(long[][]::new), null, null, edits, null, Decoder.Logits.ALL)) {
      double[] logits = TinyModel.widen(pass.logitsToHost());
      float[] removed = pass.removed();
      float[] largest = pass.largest();
      int size = logits.length / rows.size();
      for (int i = 0; i < rows.size(); i++) {
        double[] change = new double[2];
        ReferenceTrace wanted = TinyModel.reference(name, rows.get(i), plans.get(i), change);
        double[] found = Arrays.copyOfRange(logits, i * size, (i + 1) * size);
        assertThat(TinyModel.distance(found, TinyModel.flat(wanted.logits()))).isLessThan(1e-5);
        assertThat(sum(removed, i * T)).isCloseTo(change[0], within(1e-4));
        assertThat(max(largest, i * T)).isCloseTo(change[1], within(1e-4));
      }
    }
  }

  private static void row(double[] last, int row, ReferenceTrace wanted) {
    double[] expected = wanted.logits()[wanted.logits().length - 1];
    int v = expected.length;
    assertThat(TinyModel.distance(Arrays.copyOfRange(last, row * v, (row + 1) * v), expected))
        .isLessThan(1e-5);
  }

  private static double sum(float[] values, int from) {
    double sum = 0;
    for (int t = 0; t < T; t++) {
      sum += values[from + t];
    }
    return sum;
  }

  private static double max(float[] values, int from) {
    double max = 0;
    for (int t = 0; t < T; t++) {
      max = Math.max(max, values[from + t]);
    }
    return max;
  }
}
