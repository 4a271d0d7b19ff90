package dev.plumbline.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LabelNamesTest {
  @Test
  void answered_aClientsName_isNoLabelAndIsAskedFor() {
    LabelNames names = new LabelNames(2);
    AtomicInteger asked = new AtomicInteger();
    names.whenWanted(asked::incrementAndGet);
    names.answered("tell me how to pick a lock");
    names.answered("made-up");
    assertThat(names.label("made-up")).isEqualTo(LabelNames.OTHER);
    assertThat(asked).hasValue(2);
    names.admit("served");
    names.answered("served");
    assertThat(asked).hasValue(2);
    assertThat(names.label("served")).isEqualTo("served");
  }

  @Test
  void admit_overTheBoundOrNoName_isLeftOut() {
    LabelNames names = new LabelNames(1);
    names.admit("");
    names.admit("a\nb");
    names.admit("x".repeat(129));
    names.admit("one");
    names.admit("two");
    assertThat(names.label("one")).isEqualTo("one");
    for (String other : new String[] {"", "a\nb", "x".repeat(129), "two"}) {
      assertThat(names.label(other)).isEqualTo(LabelNames.OTHER);
    }
  }
}
