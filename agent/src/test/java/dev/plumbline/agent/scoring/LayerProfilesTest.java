package dev.plumbline.agent.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.TokenScores;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LayerProfilesTest {
  private static final String METER = "plumbline_layer_projection{direction=\"lean\",layer=\"";
  private final Meters meters = new Meters();
  private final LayerProfiles profiles = new LayerProfiles(meters);

  @AfterEach
  void close() {
    meters.close();
  }

  private void add(String model, double... z) {
    profiles.add(
        model,
        "lean",
        IntStream.range(0, z.length)
            .mapToObj(i -> new TokenScores.Layer("resid_post." + i, z[i]))
            .toList());
  }

  @Test
  void add_answersOfTwoModels_isTheMeanOfEachAtEachLayer() {
    add("bad", 1, 4);
    add("bad", 3, 8);
    add("good", -1, 0);
    assertThat(meters.scrape())
        .contains(METER + "0\",model_name=\"bad\"} 2.0")
        .contains(METER + "1\",model_name=\"bad\"} 6.0")
        .contains(METER + "0\",model_name=\"good\"} -1.0");
  }

  @Test
  void add_manyAnswersAfterOthers_forgetsTheOthers() {
    add("bad", 9);
    for (int i = 0; i < 500; i++) {
      add("bad", 1);
    }
    assertThat(meters.scrape())
        .containsPattern("\\{direction=\"lean\",layer=\"0\",model_name=\"bad\"} 1\\.0");
  }

  @Test
  void add_aDeepModel_showsSixteenLayersWithTheFirstAndTheLast() {
    add("deep", new double[80]);
    List<String> shown = meters.scrape().lines().filter(line -> line.startsWith(METER)).toList();
    assertThat(shown).hasSize(LayerProfiles.MOST);
    assertThat(meters.scrape()).contains(METER + "0\"").contains(METER + "79\"");
  }

  @Test
  void add_nothingReadOrNotANumber_makesNoSeries() {
    profiles.add("bad", "lean", List.of());
    add("bad", Double.NaN);
    assertThat(meters.scrape()).doesNotContain(METER);
  }

  @Test
  void forget_thenAdd_isTheMeanOfWhatCameAfter() {
    add("bad", 9, 9);
    profiles.forget();
    assertThat(meters.scrape()).doesNotContain(METER);
    add("bad", 1);
    assertThat(meters.scrape())
        .contains(METER + "0\",model_name=\"bad\"} 1.0")
        .doesNotContain(METER + "1\"");
  }
}
