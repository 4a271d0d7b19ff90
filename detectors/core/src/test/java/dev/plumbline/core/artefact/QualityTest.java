package dev.plumbline.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QualityTest {

  @Test
  void warnings_everythingBeaten_areNone() {
    assertThat(new Quality(good(), Map.of()).warnings()).isEmpty();
  }

  @Test
  void warnings_nothingMeasured_nameEveryFigure() {
    assertThat(new Quality(Map.of(), Map.of()).warnings())
        .hasSize(Figure.values().length)
        .allMatch(warning -> warning.endsWith("not measured"));
  }

  @Test
  void warnings_labelIsAFunctionOfThePrompt_flagTheCeiling() {
    Map<Figure, Estimate> figures = good();
    figures.put(Figure.PROMPT_IDENTITY_CEILING, Estimate.of(0.97, 31));
    assertThat(new Quality(figures, Map.of()).warnings())
        .singleElement()
        .asString()
        .startsWith("prompt_identity_ceiling not beaten: grouped_auroc");
  }

  @Test
  void warnings_onlyTheUpperEndBeats_flagTheControl() {
    Map<Figure, Estimate> figures = good();
    figures.put(Figure.WITHIN_PROMPT_AUROC, Estimate.of(0.8, new Interval(0.45, 0.95, 0.95), 9));
    assertThat(new Quality(figures, Map.of()).warnings())
        .hasSize(3)
        .contains("within_prompt_auroc is not above chance");
  }

  private static Map<Figure, Estimate> good() {
    Map<Figure, Estimate> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      figures.put(figure, Estimate.of(0.5, 100));
    }
    figures.put(Figure.GROUPED_AUROC, Estimate.of(0.93, 100));
    figures.put(Figure.TEXT_BASELINE, Estimate.of(0.88, 100));
    figures.put(Figure.WITHIN_PROMPT_AUROC, Estimate.of(0.9, new Interval(0.85, 0.95, 0.95), 30));
    return figures;
  }
}
