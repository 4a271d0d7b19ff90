package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StateMachineTest {
  private static final Instant T = Instant.EPOCH;
  private final StateMachine machine =
      new StateMachine(new Levels(0.4, 0.7, 0.2, Duration.ofSeconds(60), Duration.ofSeconds(30)));
  private Status status = Status.begin(T);

  private TriggerState at(int second, double level) {
    return take(machine.observe(status, new Evidence.Level(level), T.plusSeconds(second)));
  }

  private TriggerState say(int second, Command command) {
    return take(machine.command(status, command, T.plusSeconds(second)));
  }

  private TriggerState take(Step step) {
    status = step.next();
    return status.state();
  }

  @Test
  void observe_risingValue_armsThenActivates() {
    assertThat(at(0, 0.39)).isEqualTo(TriggerState.OFF);
    assertThat(at(1, 0.4)).isEqualTo(TriggerState.ARMED);
    assertThat(at(2, 0.69)).isEqualTo(TriggerState.ARMED);
    assertThat(at(3, 0.7)).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void observe_bothLevelsAtOnce_goesThroughArmed() {
    Step step = machine.observe(status, new Evidence.Level(0.9), T);

    assertThat(step.transitions())
        .extracting(Transition::to)
        .containsExactly(TriggerState.ARMED, TriggerState.ACTIVE);
  }

  @Test
  void observe_betweenReleaseAndActivate_staysActive() {
    at(0, 0.9);
    assertThat(at(600, 0.21)).isEqualTo(TriggerState.ACTIVE);
    assertThat(at(601, 0.2)).isEqualTo(TriggerState.OFF);
  }

  @Test
  void observe_releaseWithinDwell_staysUntilDwellEnds() {
    at(0, 0.9);
    assertThat(at(59, 0)).isEqualTo(TriggerState.ACTIVE);
    assertThat(at(60, 0)).isEqualTo(TriggerState.OFF);
  }

  @Test
  void observe_inCooldown_armsOnly() {
    at(0, 0.9);
    at(60, 0);
    assertThat(at(89, 0.9)).isEqualTo(TriggerState.ARMED);
    assertThat(at(90, 0.9)).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void observe_unknown_neitherArmsNorReleases() {
    at(0, 0.9);
    assertThat(take(machine.observe(status, new Evidence.Unknown(), T.plusSeconds(999))))
        .isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void observe_treatedAfterDwell_standsBackForATrialWithoutCooldown() {
    at(0, 0.9);
    assertThat(take(machine.observe(status, new Evidence.Treated(), T.plusSeconds(59))))
        .isEqualTo(TriggerState.ACTIVE);
    assertThat(take(machine.observe(status, new Evidence.Treated(), T.plusSeconds(60))))
        .isEqualTo(TriggerState.ARMED);
    assertThat(at(61, 0.9)).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void command_off_nothingActsUntilArmed() {
    say(0, Command.OFF);
    assertThat(at(1, 1)).isEqualTo(TriggerState.OFF);
    assertThat(take(machine.ruled(status, T.plusSeconds(2)))).isEqualTo(TriggerState.OFF);
    assertThat(say(3, Command.ARM)).isEqualTo(TriggerState.ARMED);
    assertThat(at(4, 0.9)).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void command_arm_isNotReleasedBelowArmed() {
    at(0, 0.9);
    say(1, Command.ARM);
    assertThat(status.state()).isEqualTo(TriggerState.ARMED);
    at(2, 0.9);
    assertThat(at(900, 0)).isEqualTo(TriggerState.ARMED);
    assertThat(at(9000, 0)).isEqualTo(TriggerState.ARMED);
  }

  @Test
  void command_disarm_coolsAndLeavesItToTheLevels() {
    at(0, 0.9);
    assertThat(say(10, Command.DISARM)).isEqualTo(TriggerState.OFF);
    assertThat(at(39, 0.9)).isEqualTo(TriggerState.ARMED);
    assertThat(at(40, 0.9)).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void ruled_off_isActiveAtOnce() {
    assertThat(take(machine.ruled(status, T))).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void observe_clockGoesBack_doesNotShortenTheDwell() {
    at(100, 0.9);
    assertThat(at(0, 0)).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void levels_outOfOrder_areRefused() {
    assertThatThrownBy(() -> new Levels(0.2, 0.7, 0.2, Duration.ZERO, Duration.ZERO))
        .hasMessageContaining("release < arm");
  }
}
