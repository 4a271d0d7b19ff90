package dev.plumbline.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.TriggerSettings;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.trigger.LiveTriggers;
import dev.plumbline.agent.fleet.FleetCommand.Verb;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Verdict;
import dev.plumbline.mitigations.trigger.Command;
import dev.plumbline.mitigations.trigger.Levels;
import dev.plumbline.mitigations.trigger.TriggerState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three desks, a clock that is turned by hand, and what one of them may do to the others. */
class FleetDeskTest {
  @TempDir private Path dir;
  private final Ether ether = new Ether();
  private final TurnedClock clock = new TurnedClock();
  private final List<Agent> agents = new ArrayList<>();
  private Keys ops;

  @BeforeEach
  void three() throws Exception {
    ops = new Keys(dir, "ops");
    for (String name : new String[] {"a", "b", "c"}) {
      agents.add(new Agent(name, Optional.empty()));
    }
    beat(2);
  }

  @AfterEach
  void close() {
    agents.forEach(agent -> agent.desk.close());
  }

  private static final class TurnedClock extends Clock {
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** An agent without a proxy. */
  private final class Agent implements Host {
    private final Meters meters = new Meters();
    private final LabelNames models = new LabelNames(8);
    private final LiveTriggers own;
    private final FleetDesk desk;
    private final List<Optional<Path>> adopted = new CopyOnWriteArrayList<>();
    private boolean off;
    private boolean fits = true;
    private boolean judges = true;
    private boolean loaded = true;

    Agent(String name, Optional<Path> state) throws Exception {
      this(name, state, true);
    }

    Agent(String name, Optional<Path> state, boolean loaded) throws Exception {
      this.loaded = loaded;
      models.admit("m");
      Levels levels = new Levels(0.2, 0.5, 0.1, Duration.ZERO, Duration.ZERO);
      own =
          new LiveTriggers(
              new TriggerSettings(
                  Mode.ANNOTATE, levels, Duration.ofMinutes(1), 2, levels, 10, Map.of()),
              models,
              meters,
              clock,
              event -> {});
      FleetSettings settings =
          new FleetSettings(
              "prod",
              new AgentConfig.Listen("127.0.0.1", 0),
              Optional.empty(),
              List.of(),
              Optional.empty(),
              3,
              Duration.ofSeconds(30),
              List.of(ops.open),
              state,
              Duration.ofDays(1),
              1,
              Duration.ofSeconds(20));
      FleetDesk.Parts parts =
          new FleetDesk.Parts(
              settings,
              this,
              own,
              Optional.of(Mode.ANNOTATE),
              models,
              meters,
              clock,
              (event, json) -> {},
              "1");
      desk =
          new FleetDesk(
              parts, ether.member(name), "process-" + name, Files.createTempDirectory(dir, name));
      desk.remember();
    }

    @Override
    public boolean off() {
      return off;
    }

    @Override
    public boolean turn(boolean to) {
      off = to;
      return true;
    }

    @Override
    public boolean trigger(String model, Command command) {
      return own.command(model, command).isPresent();
    }

    @Override
    public boolean judges() {
      return judges;
    }

    @Override
    public Optional<Judge> judge() {
      return loaded ? Optional.of(new Judge("lean", dir, score -> score)) : Optional.empty();
    }

    @Override
    public void check(Path folder) {
      if (!Files.exists(folder.resolve("direction.json"))) {
        throw new IllegalArgumentException("wanted direction.json, found none");
      }
    }

    @Override
    public void adopt(Optional<Path> folder) {
      if (!fits) {
        throw new IllegalStateException("another model");
      }
      adopted.add(folder);
    }

    @Override
    public Map<String, String> adapters() {
      return Map.of();
    }

    void answers(double score, int times) {
      for (int i = 0; i < times; i++) {
        desk.triggers()
            .settled(
                "m",
                Optional.empty(),
                new Reading(
                    Verdict.of(score, 0.5),
                    OptionalDouble.of(score),
                    OptionalDouble.empty(),
                    3,
                    Optional.of("lean"),
                    Duration.ofMillis(1)),
                Action.NONE);
      }
    }

    boolean raised() {
      return desk.triggers().raised(Mode.OBSERVE, Optional.of("m"), Optional.empty())
          == Mode.ANNOTATE;
    }

    double count(String line) {
      return meters
          .scrape()
          .lines()
          .filter(each -> each.startsWith(line))
          .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' '))))
          .sum();
    }
  }

  private void beat(int times) {
    for (int i = 0; i < times; i++) {
      clock.now = clock.now.plusSeconds(1);
      agents.forEach(agent -> agent.desk.tick());
    }
  }

  private FleetDesk.Answer tell(Agent agent, Verb verb, String target) {
    return agent.desk.offer(
        ops.sign("prod", clock.now.toEpochMilli(), clock.now, verb, target), new byte[0]);
  }

  private Agent a() {
    return agents.get(0);
  }

  private Agent b() {
    return agents.get(1);
  }

  private Agent c() {
    return agents.get(2);
  }

  @Test
  void finding_ofOne_activatesAll_andEndsForAll() {
    a().answers(0.9, 4);
    beat(2);
    assertThat(agents).allMatch(Agent::raised);
    assertThat(b().desk.triggers().watchful("m")).isTrue();
    a().answers(0.1, 60);
    beat(2);
    assertThat(a().raised()).isFalse();
    assertThat(b().raised()).as("held").isTrue();
    beat(25);
    assertThat(agents).noneMatch(Agent::raised);
  }

  @Test
  void partition_healed_converges() {
    ether.part("c");
    a().answers(0.9, 4);
    tell(a(), Verb.OFF, "");
    beat(3);
    assertThat(List.of(a().raised(), b().raised(), c().raised()))
        .containsExactly(true, true, false);
    assertThat(List.of(a().off, b().off, c().off)).containsExactly(true, true, false);
    clock.now = clock.now.plusSeconds(5);
    tell(c(), Verb.ON, "");
    beat(3);
    ether.heal();
    beat(3);
    assertThat(agents).allMatch(Agent::raised);
    assertThat(agents).as("the later word holds everywhere").noneMatch(agent -> agent.off);
  }

  @Test
  void member_killed_itsFindingsEnd_andTheRestIsShort() {
    a().answers(0.9, 4);
    beat(2);
    a().desk.close();
    agents.remove(0);
    beat(32);
    assertThat(agents).noneMatch(Agent::raised);
    assertThat(b().count("plumbline_fleet_members")).isEqualTo(2);
    assertThat(b().count("plumbline_fleet_short")).isEqualTo(1);
    assertThat(b().desk.alarm().orElseThrow()).contains("wanted 3 members", "found 2");
  }

  @Test
  void disarm_endsWhatTheFleetHolds() {
    a().answers(0.9, 4);
    beat(2);
    assertThat(tell(c(), Verb.DISARM, "m").result()).isEqualTo("applied");
    beat(3);
    assertThat(agents).noneMatch(Agent::raised);
    tell(b(), Verb.ARM, "m");
    beat(2);
    assertThat(agents).allMatch(agent -> agent.own.watchful("m"));
  }

  @Test
  void scores_ofAll_areOneSketch() {
    a().answers(0.25, 10);
    b().answers(0.75, 30);
    beat(3);
    var scores = c().desk.status().path("scores").path(0);
    assertThat(scores.path("count").asInt()).isEqualTo(40);
    assertThat(scores.path("p90").asDouble()).isEqualTo(0.7578125);
    assertThat(scores.path("drift_ks").asDouble())
        .isEqualTo(0.5, org.assertj.core.data.Offset.offset(0.01));
    beat(5);
    assertThat(c().desk.status().path("scores").path(0).path("count").asInt()).isEqualTo(40);
    assertThat(a().count("plumbline_fleet_score_quantile")).isPositive();
    assertThat(c().count("plumbline_fleet_score_quantile")).as("no scores of its own").isZero();
  }

  private byte[] artefact(String content) throws Exception {
    Path folder = Files.createTempDirectory(dir, "artefact");
    Files.writeString(folder.resolve("direction.json"), content);
    return PackedArtefact.pack(folder).bytes();
  }

  private FleetDesk.Answer publish(Agent agent, byte[] content, Verb verb) {
    PackedArtefact packed = PackedArtefact.of(content);
    FleetCommand command =
        new FleetCommand(
            "prod",
            clock.now.toEpochMilli(),
            clock.now,
            verb,
            verb == Verb.PUBLISH ? "lean" : "",
            packed.digest(),
            packed.size());
    return agent.desk.offer(
        SignedCommand.of(command, ops.key), verb == Verb.PUBLISH ? content : new byte[0]);
  }

  private void awaitState(String digest, String state, Agent... which) {
    for (int i = 0; i < 400; i++) {
      beat(1);
      boolean all = true;
      for (Agent agent : which) {
        var artefact = agent.desk.status().path("artefact");
        all &= artefact.path("digest").asText().equals(digest);
        all &= artefact.path("state").asText().equals(state);
      }
      if (all) {
        return;
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("waited in vain for " + state + ": " + b().desk.status());
  }

  @Test
  void publish_isAdoptedByAll_andRolledBack() throws Exception {
    byte[] one = artefact("{\"a\":1}");
    byte[] two = artefact("{\"a\":2}".repeat(60_000));
    assertThat(publish(a(), one, Verb.PUBLISH).result()).isEqualTo("applied");
    awaitState(PackedArtefact.of(one).digest(), "adopted", a(), b(), c());
    publish(b(), two, Verb.PUBLISH);
    awaitState(PackedArtefact.of(two).digest(), "adopted", a(), b(), c());
    publish(c(), one, Verb.ROLLBACK);
    awaitState(PackedArtefact.of(one).digest(), "adopted", a(), b(), c());
    tell(a(), Verb.ROLLBACK, "");
    awaitState("", "configured", a(), b(), c());
    assertThat(c().adopted).hasSize(4);
    assertThat(c().adopted.get(3)).isEmpty();
  }

  @Test
  void publish_whereItDoesNotFit_leavesTheOneBefore_andSaysSo() throws Exception {
    b().fits = false;
    byte[] one = artefact("{\"a\":1}");
    publish(a(), one, Verb.PUBLISH);
    awaitState(PackedArtefact.of(one).digest(), "adopted", a(), c());
    awaitState("", "refused", b());
    assertThat(b().desk.status().path("artefact").path("why").asText()).contains("another model");
    assertThat(b().count("plumbline_fleet_adoptions_total{result=\"refused\"}")).isEqualTo(1);
  }

  /** Nobody else has the content, and the one that has it has no use for it. */
  @Test
  void publish_toOneThatItDoesNotFit_reachesTheOthers() throws Exception {
    a().fits = false;
    byte[] one = artefact("{\"a\":1}");
    ether.part("a");
    publish(a(), one, Verb.PUBLISH);
    awaitState("", "refused", a());
    ether.forget();
    ether.heal();
    awaitState(PackedArtefact.of(one).digest(), "adopted", b(), c());
  }

  @Test
  void publish_otherContentThanSigned_isRefused() throws Exception {
    byte[] one = artefact("{\"a\":1}");
    byte[] two = artefact("{\"a\":2}");
    FleetCommand command =
        new FleetCommand(
            "prod",
            1,
            clock.now,
            Verb.PUBLISH,
            "lean",
            PackedArtefact.of(one).digest(),
            one.length);
    SignedCommand signed = SignedCommand.of(command, ops.key);
    assertThat(a().desk.offer(signed, two).result()).isEqualTo("wrong_content");
    assertThat(a().desk.offer(signed, new byte[0]).result()).isEqualTo("wrong_content");
  }

  @Test
  void liar_isRefusedAndCounted_byEachForItself() {
    SignedCommand seen = ops.sign("prod", 5, clock.now, Verb.ON, "");
    tell(a(), Verb.OFF, "");
    beat(2);
    clock.now = clock.now.plusSeconds(20);
    ether.put("liar", new Fleet.Garbage("String"));
    beat(2);
    ether.put("liar", new Fleet.Shared(MemberJson.VERSION + 1, new byte[] {1}));
    beat(2);
    ether.put("liar", new Fleet.Shared(1, "{}".getBytes(StandardCharsets.UTF_8)));
    beat(2);
    Keys own = new Keys(dir, "liar");
    MemberState lie =
        new MemberState(
            "liar",
            1,
            "1",
            false,
            new MemberState.ArtefactState("", "", "configured"),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(
                seen,
                new SignedCommand(seen.message(), Optional.empty()),
                own.sign("prod", 1L << 60, clock.now, Verb.ON, "")));
    ether.put("liar", new Fleet.Shared(1, MemberJson.write(lie)));
    beat(2);
    for (Agent agent : agents) {
      assertThat(agent.off).isTrue();
      assertThat(agent.count("plumbline_fleet_entries_refused_total{reason=\"garbage\"}"))
          .isEqualTo(2);
      assertThat(agent.count("plumbline_fleet_entries_refused_total{reason=\"wrong_version\"}"))
          .isEqualTo(1);
      for (String why : new String[] {"replayed", "unsigned", "unknown_key"}) {
        assertThat(
                agent.count(
                    "plumbline_fleet_commands_total{result=\"" + why + "\",via=\"member\"}"))
            .as(why)
            .isEqualTo(1);
      }
    }
  }

  @Test
  void entry_thatIsLate_costsItselfOnly_andIsCounted() {
    ether.put("slow", new Fleet.Late());
    a().answers(0.9, 4);
    beat(3);
    assertThat(agents).as("the others are heard").allMatch(Agent::raised);
    for (Agent agent : agents) {
      assertThat(agent.count("plumbline_fleet_failures_total{what=\"late\"}")).isEqualTo(3);
      assertThat(agent.count("plumbline_fleet_failures_total{what=\"beat\"}")).isZero();
      assertThat(agent.count("plumbline_fleet_view_age_seconds")).isZero();
      assertThat(agent.count("plumbline_fleet_entries_refused_total")).isZero();
    }
  }

  /** A view of which nothing came is no younger for being asked for. */
  @Test
  void entries_thatAreAllLate_ageTheView() {
    for (String each : List.of("a", "b", "c")) {
      ether.delay(each);
    }
    beat(4);
    assertThat(a().count("plumbline_fleet_view_age_seconds")).isEqualTo(4);
    ether.heal();
    beat(1);
    assertThat(a().count("plumbline_fleet_view_age_seconds")).isZero();
  }

  private static MemberState ofALaterBuild(Map<String, Finding> findings) {
    return new MemberState(
        "later",
        1,
        "2",
        false,
        new MemberState.ArtefactState("", "", "configured"),
        findings,
        Map.of(),
        Map.of(),
        List.of());
  }

  private void saidByALaterBuild(int oldest) {
    Map<String, Finding> active = Map.of("m", new Finding(TriggerState.ACTIVE, 0));
    String known = new String(MemberJson.write(ofALaterBuild(active)), StandardCharsets.UTF_8);
    String text = "{\"mood\":{\"calm\":true}," + known.substring(1);
    ether.put(
        "later",
        new Fleet.Shared(MemberJson.VERSION + 1, oldest, text.getBytes(StandardCharsets.UTF_8)));
    beat(2);
  }

  /** A fleet is upgraded one by one: what both versions know is shared by both. */
  @Test
  void laterWireVersion_thatThisOneMayRead_isHeard_andWhatIsNewIsCounted() {
    saidByALaterBuild(MemberJson.VERSION);
    assertThat(agents).allMatch(Agent::raised);
    assertThat(a().count("plumbline_fleet_entries_refused_total{reason=\"newer_parts\"}"))
        .isEqualTo(1);
    assertThat(a().count("plumbline_fleet_entries_refused_total{reason=\"wrong_version\"}"))
        .isZero();
  }

  @Test
  void laterWireVersion_thatThisOneMayNotRead_isRefusedAndCounted() {
    saidByALaterBuild(MemberJson.VERSION + 1);
    assertThat(agents).noneMatch(Agent::raised);
    assertThat(a().count("plumbline_fleet_entries_refused_total{reason=\"wrong_version\"}"))
        .isEqualTo(1);
  }

  @Test
  void restart_withState_keepsTheSwitchAndRefusesTheOldCommand() throws Exception {
    Path state = Files.createDirectory(dir.resolve("state"));
    Agent first = new Agent("d", Optional.of(state));
    SignedCommand off = ops.sign("prod", clock.now.toEpochMilli(), clock.now, Verb.OFF, "");
    assertThat(first.desk.offer(off, new byte[0]).result()).isEqualTo("applied");
    first.desk.close();
    Agent again = new Agent("d", Optional.of(state));
    assertThat(again.off).isTrue();
    assertThat(again.desk.offer(off, new byte[0]).result()).isEqualTo("replayed");
    again.desk.close();
  }

  @Test
  void fleet_thatEndedByItself_isJoinedAgain() {
    ether.end("b");
    beat(1);
    assertThat(a().count("plumbline_fleet_members")).isEqualTo(2);
    beat(1);
    for (Agent agent : agents) {
      assertThat(agent.count("plumbline_fleet_members")).isEqualTo(3);
    }
    a().answers(0.9, 4);
    beat(2);
    assertThat(b().raised()).isTrue();
  }

  /** As after a power failure: half of a file must not be what others are given. */
  @Test
  void content_thatIsNotWhatItWas_isFetchedAgain() throws Exception {
    byte[] one = artefact("{}");
    String digest = PackedArtefact.of(one).digest();
    Path state = Files.createDirectory(dir.resolve("state"));
    Agent first = new Agent("d", Optional.of(state));
    publish(a(), one, Verb.PUBLISH);
    agents.add(first);
    awaitState(digest, "adopted", first);
    agents.remove(first);
    first.desk.close();
    Path kept = state.resolve("fleet-artefacts").resolve(digest + ".packed");
    Files.write(kept, new byte[] {1});
    agents.add(new Agent("d", Optional.of(state)));
    beat(12);
    assertThat(kept).hasBinaryContent(one);
  }

  private static String result(Agent agent) {
    return agent.desk.status().path("commands").path("artefact").path("result").asText();
  }

  /**
   * Its engine is loaded beside: what it judges by is not known yet when the commands come back.
   */
  @Test
  void restart_withAnArtefact_isAppliedThoughNothingIsLoadedYet() throws Exception {
    Path state = Files.createDirectory(dir.resolve("state"));
    Agent first = new Agent("d", Optional.of(state));
    assertThat(publish(first, artefact("{}"), Verb.PUBLISH).result()).isEqualTo("applied");
    assertThat(result(first)).isEqualTo("applied");
    first.desk.close();
    Agent again = new Agent("d", Optional.of(state), false);
    assertThat(result(again)).isEqualTo("applied");
    again.desk.close();
  }

  @Test
  void publish_toOneThatJudgesNothing_isKeptForTheOthers() throws Exception {
    a().judges = false;
    a().loaded = false;
    byte[] one = artefact("{}");
    assertThat(publish(a(), one, Verb.PUBLISH).result()).isEqualTo("not_applicable");
    assertThat(result(a())).isEqualTo("not_applicable");
    awaitState(PackedArtefact.of(one).digest(), "adopted", b(), c());
  }

  @Test
  void start_aloneWhileOthersAreExpected_waitsForTheGraceTimeThenAlarms() throws Exception {
    ether.part("d");
    Agent alone = new Agent("d", Optional.empty());
    alone.desk.tick();
    assertThat(alone.desk.waiting()).isPresent();
    assertThat(alone.desk.alarm()).isEmpty();
    clock.now = clock.now.plusSeconds(31);
    alone.desk.tick();
    assertThat(alone.desk.waiting()).isEmpty();
    assertThat(alone.desk.alarm()).isPresent();
    alone.desk.close();
  }
}
