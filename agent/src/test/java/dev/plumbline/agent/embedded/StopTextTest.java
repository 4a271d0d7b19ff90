package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopTextTest {
  @Test
  void add_withoutStops_givesEverythingAtOnce() {
    StopText text = new StopText(List.of());
    assertThat(text.add("some")).isEqualTo("some");
    assertThat(text.add(" words")).isEqualTo(" words");
    assertThat(text.finish()).isEmpty();
    assertThat(text.text()).isEqualTo("some words");
  }

  @Test
  void add_ofAStopInPieces_holdsItBackAndEndsBeforeIt() {
    StopText text = new StopText(List.of("END"));
    assertThat(text.add("a E")).isEqualTo("a ");
    assertThat(text.add("N")).isEmpty();
    assertThat(text.stopped()).isFalse();
    assertThat(text.add("D and more")).isEmpty();
    assertThat(text.stopped()).isTrue();
    assertThat(text.text()).isEqualTo("a ");
  }

  @Test
  void add_ofWhatOnlyLookedLikeAStop_givesItLater() {
    StopText text = new StopText(List.of("END"));
    assertThat(text.add("E")).isEmpty();
    assertThat(text.add("N")).isEmpty();
    assertThat(text.add("x")).isEqualTo("ENx");
    assertThat(text.add("E")).isEmpty();
    assertThat(text.finish()).isEqualTo("E");
  }

  @Test
  void add_withSeveralStops_endsBeforeTheFirst() {
    StopText text = new StopText(List.of("later", "now"));
    assertThat(text.add("right now or later")).isEqualTo("right ");
    assertThat(text.stopped()).isTrue();
  }
}
