package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.IdsModel.Said;
import dev.plumbline.agent.ablation.AblatedVariant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Rescue over HTTP in front of real models that tell token ids. The model that goes on is the one
 * that was stopped, so that each answer is known: what it says behind exactly the ids that went
 * out.
 */
class EmbeddedRescueIdsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final int MOST = 32;
  private static final int ANSWERS = Integer.getInteger("plumbline.seams.answers", 8);

  @Test
  void organism_rescuedBehindIds_saysWhatItSaysBehindThem() throws Exception {
    try (IdsModel origin = IdsModel.organism()) {
      Seams seams = rescued(origin, IdsModel.questions(1).get(0), 1, ANSWERS, 24);
      assertThat(seams.taken()).isPositive();
    }
  }

  /** Its tokenizer makes other tokens of the text it has said, and it goes on otherwise then. */
  @Test
  void smolLm2_rescuedBehindIds_saysWhatItWouldNotBehindTheText() throws Exception {
    try (IdsModel origin = IdsModel.smol()) {
      Seams seams = rescued(origin, "Tell me a story about a lighthouse.", 1.5, ANSWERS, 60);
      assertThat(seams.taken()).isPositive();
      assertThat(seams.otherTokens()).isPositive();
      assertThat(seams.otherAnswers()).isPositive();
    }
  }

  /**
   * @param taken answers that were taken up in their middle
   * @param otherTokens of them, whose text is other tokens than were said
   * @param otherAnswers of those, that would have gone on otherwise behind the text
   */
  private record Seams(int taken, int otherTokens, int otherAnswers) {}

  private static Seams rescued(
      IdsModel origin, String question, double temperature, int answers, int turnsAt)
      throws Exception {
    TurningTap tap = new TurningTap();
    Seams seams = new Seams(0, 0, 0);
    try (RunningAgent front = front(origin, tap, "on");
        RunningAgent byText = front(origin, tap, "off")) {
      for (int seed = 1; seed <= answers; seed++) {
        Case one = new Case(origin, question, temperature, seed);
        int kept = one.byIds(front, tap, turnsAt);
        if (kept > 0) {
          Seams now = one.byText(byText, tap, turnsAt, kept);
          seams =
              new Seams(
                  seams.taken() + 1,
                  seams.otherTokens() + now.otherTokens(),
                  seams.otherAnswers() + now.otherAnswers());
        }
      }
      assertThat(ProxyRescueTest.metrics(front))
          .contains("way=\"ids\"} " + seams.taken() + ".0")
          .doesNotContain("way=\"text\"");
    }
    System.out.println(origin.name() + " " + seams);
    return seams;
  }

  /** One answer in its ways. */
  private static final class Case {
    private final IdsModel origin;
    private final String question;
    private final String sampling;
    private Said said;

    Case(IdsModel origin, String question, double temperature, int seed) {
      this.origin = origin;
      this.question = question;
      this.sampling = "\"temperature\":" + temperature + ",\"seed\":" + seed;
    }

    private String body(String more) {
      String all = "," + sampling + ",\"max_tokens\":" + MOST + more;
      return origin.chat(question, true, all);
    }

    /**
     * @return tokens that had gone out; 0 where it did not turn behind any
     */
    int byIds(RunningAgent front, TurningTap tap, int turnsAt) throws Exception {
      String asking =
          body(",\"return_token_ids\":true,\"stream_options\":{\"include_usage\":true}");
      Said plain = Said.of(ProxyRescueTest.ask(origin.agent(), CHAT, asking));
      int before = kept(front);
      tap.arm(turnsAt);
      ProxyRescueTest.Told told = ProxyRescueTest.ask(front, CHAT, asking);
      tap.arm(Integer.MAX_VALUE);
      said = Said.of(told);
      int kept = kept(front) - before;
      assertThat(said.prompt()).isEqualTo(plain.prompt());
      assertThat(said.ids().subList(0, kept)).isEqualTo(plain.ids().subList(0, kept));
      assertThat(origin.decoded(said.ids())).isEqualTo(told.text());
      assertThat(told.usage().path("completion_tokens").asInt())
          .isBetween(said.ids().size(), said.ids().size() + 1);
      Said rest = origin.behind(said.upTo(kept), false, left(kept));
      if (kept > 0) {
        assertThat(said.ids().subList(kept, said.ids().size())).isEqualTo(rest.ids());
        assertThat(told.text()).isEqualTo(begun(kept) + rest.text());
      }
      return kept;
    }

    private String begun(int kept) {
      return origin.decoded(said.ids().subList(0, kept));
    }

    private String left(int kept) {
      return sampling + ",\"max_tokens\":" + (MOST - kept);
    }

    Seams byText(RunningAgent front, TurningTap tap, int turnsAt, int kept) throws Exception {
      tap.arm(turnsAt);
      String told = ProxyRescueTest.ask(front, CHAT, body("")).text();
      tap.arm(Integer.MAX_VALUE);
      Said rest = origin.behindText(question, begun(kept), left(kept));
      assertThat(told).isEqualTo(begun(kept) + rest.text());
      boolean tokens = !rest.prompt().equals(said.upTo(kept));
      boolean answer = !told.equals(said.text());
      assertThat(answer).as("other text behind the same tokens").isIn(false, tokens);
      return new Seams(1, tokens ? 1 : 0, answer ? 1 : 0);
    }

    private static int kept(RunningAgent front) throws Exception {
      return ProxyRescueTest.metrics(front)
          .lines()
          .filter(l -> l.startsWith("plumbline_rescue_tokens_total") && l.contains("\"kept\""))
          .mapToInt(l -> (int) Double.parseDouble(l.substring(l.lastIndexOf(' '))))
          .sum();
    }
  }

  /** The variant is the model itself, which asks nothing of its weights. */
  private static RunningAgent front(IdsModel origin, TurningTap tap, String ids) {
    return Agents.rescuing(
        origin.agent().port(),
        tap,
        (server, model) -> Optional.of(new AblatedVariant.Model(origin.name())),
        "mode=rescue",
        "rescue.window=2",
        "rescue.token-ids=" + ids);
  }
}
