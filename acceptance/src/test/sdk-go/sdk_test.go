// What people do with the module openai-go, over an engine with known answers.
package sdk

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
)

const greeting = "Hello from the engine."

func client() *openai.Client {
	address, _, _ := strings.Cut(os.Getenv("ANTIPHON_URL"), ",")
	made := openai.NewClient(option.WithBaseURL(address+"/v1"), option.WithAPIKey(os.Getenv("ANTIPHON_KEY")))
	return &made
}

func ask(input string) responses.ResponseNewParams {
	return responses.ResponseNewParams{
		Model: "known",
		Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(input)},
	}
}

func create(t *testing.T, params responses.ResponseNewParams) *responses.Response {
	t.Helper()
	response, err := client().Responses.New(context.Background(), params)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestText(t *testing.T) {
	response := create(t, ask("Say hello."))
	if response.OutputText() != greeting || response.Usage.InputTokens != 11 {
		t.Fatal(response.RawJSON())
	}
}

func TestStream(t *testing.T) {
	stream := client().Responses.NewStreaming(context.Background(), ask("Say hello."))
	text, ended := "", false
	for stream.Next() {
		event := stream.Current()
		if event.Type == "response.output_text.delta" {
			text += event.Delta
		}
		ended = ended || event.Type == "response.completed"
	}
	if stream.Err() != nil || text != greeting || !ended {
		t.Fatal(stream.Err(), text, ended)
	}
}

func TestStructuredOutput(t *testing.T) {
	params := ask("Who?")
	schema := map[string]any{"type": "object"}
	params.Text = responses.ResponseTextConfigParam{
		Format: responses.ResponseFormatTextConfigParamOfJSONSchema("person", schema),
	}
	var person struct {
		Name string
		Born int
	}
	if err := json.Unmarshal([]byte(create(t, params).OutputText()), &person); err != nil {
		t.Fatal(err)
	}
	if person.Name != "Ada Lovelace" || person.Born != 1815 {
		t.Fatal(person)
	}
}

func TestToolLoop(t *testing.T) {
	params := ask("Weather in Paris?")
	params.Tools = []responses.ToolUnionParam{
		responses.ToolParamOfFunction("weather", map[string]any{"type": "object"}, false),
	}
	first := create(t, params)
	call := first.Output[0]
	if call.Type != "function_call" || call.Name != "weather" {
		t.Fatal(first.RawJSON())
	}
	params.PreviousResponseID = openai.String(first.ID)
	params.Input = responses.ResponseNewParamsInputUnion{
		OfInputItemList: responses.ResponseInputParam{
			{OfFunctionCallOutput: &responses.ResponseInputItemFunctionCallOutputParam{
				CallID: openai.String(call.CallID),
				Output: responses.ResponseInputItemFunctionCallOutputOutputUnionParam{OfString: openai.String("sunny")},
			}},
		},
	}
	if text := create(t, params).OutputText(); text != "The tool said: sunny." {
		t.Fatal(text)
	}
}

func TestBackgroundAndCancel(t *testing.T) {
	params := ask("[hang]")
	params.Background = openai.Bool(true)
	made := create(t, params)
	cancelled, err := client().Responses.Cancel(context.Background(), made.ID)
	if err != nil || cancelled.Status != "cancelled" {
		t.Fatal(err, cancelled)
	}
	again, err := client().Responses.Get(context.Background(), made.ID, responses.ResponseGetParams{})
	if err != nil || again.Status != "cancelled" {
		t.Fatal(err, again)
	}
}
