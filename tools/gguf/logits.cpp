// Logits of all positions of one prompt by llama.cpp, for the goldens of tiny GGUF files: one batch, one thread, a float32
// cache, no flash attention. Prints one line of JSON for each file, {"file": …, "logits": [[…], …]}; a file that llama.cpp
// refuses has "error".
//
//   g++ -O1 -std=c++17 tools/gguf/logits.cpp -I llama.cpp/include -I llama.cpp/ggml/include -L build/bin -lllama -o logits
//   LD_LIBRARY_PATH=build/bin ./logits 3,1,4,1,5 a.gguf b.gguf
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "llama.h"

static void silent(ggml_log_level level, const char * text, void *) {
    if (level == GGML_LOG_LEVEL_ERROR || std::getenv("VERBOSE")) fputs(text, stderr);
}

static void print_logits(const char * file, std::vector<llama_token> ids) {
    llama_model_params model_params = llama_model_default_params();
    model_params.n_gpu_layers = 0;
    llama_model * model = llama_model_load_from_file(file, model_params);
    if (!model) {
        printf("{\"file\": \"%s\", \"error\": \"refused\"}\n", file);
        return;
    }
    llama_context_params context_params = llama_context_default_params();
    context_params.n_ctx = 256;
    context_params.n_batch = context_params.n_ubatch = 256;
    context_params.n_threads = context_params.n_threads_batch = 1;
    context_params.type_k = context_params.type_v = GGML_TYPE_F32;
    context_params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    llama_context * context = llama_init_from_model(model, context_params);
    llama_batch batch = llama_batch_init((int) ids.size(), 0, 1);
    for (size_t i = 0; i < ids.size(); i++) {
        batch.token[i] = ids[i];
        batch.pos[i] = (llama_pos) i;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = 1;
    }
    batch.n_tokens = (int) ids.size();
    if (llama_decode(context, batch) != 0) {
        printf("{\"file\": \"%s\", \"error\": \"failed\"}\n", file);
    } else {
        const int vocab = llama_vocab_n_tokens(llama_model_get_vocab(model));
        printf("{\"file\": \"%s\", \"logits\": [", file);
        for (size_t i = 0; i < ids.size(); i++) {
            const float * row = llama_get_logits_ith(context, (int) i);
            printf(i ? ", [" : "[");
            for (int token = 0; token < vocab; token++) {
                if (token) printf(", ");
                if (std::isfinite(row[token])) printf("%.9g", row[token]);
                else printf("null");
            }
            printf("]");
        }
        printf("]}\n");
    }
    fflush(stdout);
    llama_batch_free(batch);
    llama_free(context);
    llama_model_free(model);
}

int main(int count, char ** arguments) {
    llama_log_set(silent, nullptr);
    std::vector<llama_token> ids;
    for (char * next = arguments[1]; *next; next += *next == ',') ids.push_back((int) strtol(next, &next, 10));
    for (int i = 2; i < count; i++) print_logits(arguments[i], ids);
}
