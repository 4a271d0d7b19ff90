package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.tap.ExchangeText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published JavaScript client against the embedded origin, and through the agent to one. */
class OpenAiNodeClientTest {
  private static final String SCRIPT =
      """
      import OpenAI from 'openai';
      const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
      const messages = [{ role: 'user', content: 'hi' }];
      const whole = await client.chat.completions.create({ model: 'bad', messages });
      console.log('whole', whole.choices[0].message.content);
      let text = '';
      const stream = await client.chat.completions.create({ model: 'bad', messages, stream: true });
      for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
      console.log('stream', text);
      const models = [];
      for await (const model of client.models.list()) models.push(model.id);
      console.log('models', models.join(','));
      try { await client.chat.completions.create({ model: 'bad', messages, n: 2 }); }
      catch (e) { console.log('error', e.status, e.param, e.code); }
      """;

  private static final String ORIGIN_SCRIPT =
      """
      import OpenAI from 'openai';
      const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
      const ask = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
      const two = await client.chat.completions.create({ ...ask, n: 2 });
      console.log('two', two.choices.map(choice => choice.message.content).join(' '));
      const texts = ['', ''];
      for await (const chunk of await client.chat.completions.create({ ...ask, n: 2, stream: true }))
        for (const choice of chunk.choices) texts[choice.index] += choice.delta.content ?? '';
      console.log('stream', texts.join(' '));
      const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
      const call = await client.chat.completions.create({ ...ask, tools });
      console.log('tool', call.choices[0].message.tool_calls[0].function.name);
      let said = '';
      for await (const chunk of await client.chat.completions.create({ ...ask, tools, stream: true }))
        said += chunk.choices[0].delta.content ?? ' ' + chunk.choices[0].delta.tool_calls[0].function.name;
      console.log('streamed tool', said);
      const question = { model: 'm', input: 'hi', instructions: 'be kind' };
      console.log('response', (await client.responses.create(question)).output_text);
      let text = '';
      for await (const event of await client.responses.create({ ...question, stream: true }))
        if (event.type === 'response.output_text.delta') text += event.delta;
      console.log('streamed response', text);
      """;

  @Test
  void client_chatStreamModelsAndErrors_areUnderstood() throws Exception {
    NodeClient.require();
    try (RunningAgent agent = Agents.serving(new ScriptedModels(), "mode=annotate")) {
      Files.writeString(NodeClient.DIR.resolve("check.mjs"), SCRIPT);
      NodeClient.Ran ran =
          NodeClient.run(60, "node", "check.mjs", "http://127.0.0.1:" + agent.port() + "/v1");
      assertThat(ran.output())
          .contains("whole " + ScriptedModels.ANSWER_TEXT)
          .contains("stream " + ScriptedModels.ANSWER_TEXT)
          .contains("models good,bad,plain")
          .contains("error 400 n unsupported_parameter");
      Agents.awaitVerdicts(agent, 3);
    }
  }

  @Test
  void client_choicesToolsAndResponses_areUnderstoodThroughTheAgent() throws Exception {
    NodeClient.require();
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = new ScriptedOrigin(OpenAiNodeClientTest::answer);
        RunningAgent agent = Agents.reading(origin.port(), tap, "mode=annotate")) {
      Files.writeString(NodeClient.DIR.resolve("origin.mjs"), ORIGIN_SCRIPT);
      NodeClient.Ran ran =
          NodeClient.run(60, "node", "origin.mjs", "http://127.0.0.1:" + agent.port() + "/v1");
      assertThat(ran.output().lines())
          .containsExactly(
              "two fine evil",
              "stream fine 🙂 evil",
              "tool weather",
              "streamed tool wait weather",
              "response evil 🙂",
              "streamed response evil 🙂");
      Agents.awaitVerdicts(agent, 6);
      assertThat(tap.seen.stream().map(ExchangeText::answers))
          .containsExactly(
              List.of("fine", "evil"),
              List.of("fine 🙂", "evil"),
              List.of("wait"),
              List.of("evil 🙂"),
              List.of("evil 🙂"));
    }
  }

  private static boolean answer(ScriptedOrigin.Request request, OutputStream out)
      throws IOException {
    boolean stream = request.text().replace(" ", "").contains("\"stream\":true");
    boolean tools = request.text().contains("\"tools\"");
    String whole = tools ? OpenAiBodies.TOOL_CALL : OpenAiBodies.TWO_CHOICES;
    String events = tools ? OpenAiBodies.TOOL_CALL_STREAM : OpenAiBodies.TWO_CHOICES_STREAM;
    if (request.line().contains("/v1/responses")) {
      whole = OpenAiBodies.RESPONSE;
      events = OpenAiBodies.RESPONSE_STREAM;
    }
    String answer = stream ? OpenAiBodies.stream(events) : OpenAiBodies.json(whole);
    out.write(answer.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return true;
  }
}
