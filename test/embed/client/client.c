/* Every code and message that a program in C99 can meet, and threads that share one bound model. Prints what is wrong; exits
 * with the number of mistakes. Usage: client FIT OTHER_FIT NOT_A_FIT */
#define _POSIX_C_SOURCE 200112L
#include <lacuna/lacuna.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "other.h"
#include "scores.h"

enum { ROWS = 5, GROUPS = 3, COORDINATES = 5, THREADS = 8, ROUNDS = 300 };

static int mistakes = 0;
static const lacuna_model* model;
static void* bound;
static int64_t bound_bytes;

static void* memory_of(int64_t bytes) {
  void* made = NULL;
  if (bytes > 0 && posix_memalign(&made, LACUNA_ALIGNMENT, (size_t)bytes) != 0) exit(1);
  return made;
}

static void expect(int ok, const char* what) {
  if (ok) return;
  printf("wrong: %s\n", what);
  ++mistakes;
}

/* A code, and words of its message. */
static void expect_error(const char* what, int code, int wanted, const lacuna_error* error, const char* words) {
  char text[256];
  model->message(model, error, text, sizeof text);
  if (code == wanted && error->code == wanted && strstr(text, words)) return;
  printf("wrong: %s: code %d, not %d; \"%s\", not \"%s\"\n", what, code, wanted, text, words);
  ++mistakes;
}

static void expect_said(const char* what, int code, int wanted, const lacuna_said* said, const char* words) {
  if (code == wanted && strstr(said->text, words)) return;
  printf("wrong: %s: code %d, not %d; \"%s\", not \"%s\"\n", what, code, wanted, said->text, words);
  ++mistakes;
}

static const int64_t group[ROWS] = {0, 1, 2, 0, 1};
static const double x[ROWS] = {0.1, -0.4, 0.3, 0.9, -0.2};
static const double weight[ROWS] = {1, 2, 1, 0.5, 1};
static double y[ROWS] = {0.5, 0, 1.1, 1.4, -0.3};

static scores_inputs good(void) {
  scores_inputs in = {0};
  in.Group = GROUPS;
  in.N = ROWS;
  in.group = group;
  in.x = x;
  in.weight = weight;
  in.y = y;
  return in;
}

static int bind_with(scores_inputs in, lacuna_error* error) {
  lacuna_error none = {0, -1, -1};
  int64_t bytes = 0;
  void* memory;
  int code;
  *error = none;
  code = scores_bind_size(&in, &bytes, error);
  if (code != LACUNA_OK) return code;
  memory = memory_of(bytes);
  code = scores_bind_into(&in, 0, memory, bytes, error);
  free(memory);
  return code;
}

static void check_values(void) {
  lacuna_error error;
  scores_inputs in = good();
  double with_gap[ROWS] = {0.1, 0.2, 0, 0.4, 0.5}, negative[ROWS] = {1, 1, 1, -1, 1};
  int64_t outside[ROWS] = {0, 1, 2, 7, 1};
  int code;
  with_gap[2] = NAN;
  in.x = with_gap;
  code = bind_with(in, &error);
  expect_error("NaN where no gap is allowed", code, LACUNA_MISSING, &error, "scores.ppl:2: `x` has a gap where none is allowed, at element 2");
  in = good();
  in.weight = negative;
  code = bind_with(in, &error);
  expect_error("a weight below 0", code, LACUNA_VALUE, &error, "`weight` has a value outside its type, at element 3");
  in = good();
  in.group = outside;
  code = bind_with(in, &error);
  expect_error("a position outside", code, LACUNA_INDEX, &error, "`group` has a position outside its dimension `Group`, at element 3");
  in = good();
  in.x = NULL;
  code = bind_with(in, &error);
  expect(code != LACUNA_OK && error.where == scores_argument_x, "an argument that is not given");
  in = good();
  in.N = -1;
  code = bind_with(in, &error);
  expect_error("no size", code, LACUNA_DIMENSION, &error, "the dimension `N` has no size");
}

static void check_sizes(void) {
  lacuna_error error = {0, -1, -1};
  const scores_inputs in = good();
  scores_arrays arrays;
  int64_t bytes = 0, more = ROWS + 1;
  int64_t two[2] = {ROWS, 1};
  void* memory = memory_of(bound_bytes);
  int code;
  scores_fill(&in, &arrays);
  arrays.arguments[scores_argument_x].sizes = &more;
  code = model->bind_into(model, arrays.dimensions, arrays.arguments, 0, memory, bound_bytes, &error);
  expect_error("another size", code, LACUNA_SIZE, &error, "`x` has another size than its dimension `N`");
  scores_fill(&in, &arrays);
  arrays.arguments[scores_argument_x].rank = 2;
  arrays.arguments[scores_argument_x].sizes = two;
  arrays.arguments[scores_argument_x].strides = two;
  code = model->bind_into(model, arrays.dimensions, arrays.arguments, 0, memory, bound_bytes, &error);
  expect_error("another rank", code, LACUNA_TYPE, &error, "`x` is given with another element type or number of axes");
  scores_fill(&in, &arrays);
  code = model->bind_into(model, arrays.dimensions, arrays.arguments, 0, memory, bound_bytes - 1, &error);
  expect_error("too little memory", code, LACUNA_WORKSPACE, &error, "memory is too small");
  expect(error.index == bound_bytes, "the bytes that are needed");
  code = model->bind_into(model, arrays.dimensions, arrays.arguments, 0, (char*)bound + 8, bound_bytes, &error);
  expect_error("memory that is not aligned", code, LACUNA_WORKSPACE, &error, "64 bytes");
  code = model->bind_into(model, arrays.dimensions, arrays.arguments, 0x80, memory, bound_bytes, &error);
  expect_error("a flag that is none", code, LACUNA_ARGUMENT, &error, "makes no sense");
  code = model->bind_into(model, arrays.dimensions, arrays.arguments, 0, NULL, bound_bytes, &error);
  expect_error("no memory", code, LACUNA_NULL, &error, "a pointer that must be given is null");
  code = model->bind_size(model, NULL, arrays.arguments, &bytes, &error);
  expect_error("no dimensions", code, LACUNA_NULL, &error, "null");
  code = model->bind_size(model, arrays.dimensions, NULL, NULL, &error);
  expect_error("no place for the size", code, LACUNA_NULL, &error, "null");
  expect(model->bind_size(model, NULL, NULL, NULL, NULL) == LACUNA_NULL, "an error that nobody wants");
  free(memory);
}

static void check_versions(void) {
  lacuna_error error = {0, -1, -1};
  const scores_inputs in = good();
  other_inputs theirs = {0};
  scores_arrays arrays;
  lacuna_model changed = *model;
  int64_t bytes = 0;
  void* memory;
  double point[COORDINATES] = {0}, value = 0;
  int code;
  scores_fill(&in, &arrays);
  changed.version = LACUNA_ABI_VERSION + 1;
  code = changed.bind_size(&changed, arrays.dimensions, arrays.arguments, &bytes, &error);
  expect_error("a table of another version", code, LACUNA_VERSION, &error, "another version");
  expect(!lacuna_is_readable(&changed), "a table of another version is readable");
  changed = *model;
  changed.struct_size -= 8;
  code = changed.bind_size(&changed, arrays.dimensions, arrays.arguments, &bytes, &error);
  expect_error("a table that is too short", code, LACUNA_VERSION, &error, "another version");
  expect(!lacuna_is_readable(&changed) && !lacuna_is_readable(NULL) && lacuna_is_readable(model), "which tables are readable");
  theirs.K = ROWS;
  theirs.z = x;
  expect(other_bind_size(&theirs, &bytes, &error) == LACUNA_OK, "the other model's size");
  memory = memory_of(bytes);
  expect(other_bind_into(&theirs, 0, memory, bytes, &error) == LACUNA_OK, "the other model binds");
  code = model->log_density(memory, point, LACUNA_JACOBIAN, NULL, &value, &error);
  expect_error("data that another model bound", code, LACUNA_VERSION, &error, "another model");
  memset(memory, 0, (size_t)bytes);
  code = model->log_density(memory, point, LACUNA_JACOBIAN, NULL, &value, &error);
  expect_error("memory that nobody bound", code, LACUNA_VERSION, &error, "another model");
  free(memory);
}

static void check_calls(void) {
  lacuna_error error = {0, -1, -1};
  const uint32_t flags = LACUNA_JACOBIAN | LACUNA_NORMALISED;
  double point[COORDINATES] = {0}, gradient[COORDINATES], value = 0;
  int64_t positions[ROWS];
  char text[10];
  int64_t length;
  void* workspace = memory_of(model->workspace_size(bound, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 1) + 64);
  int code = model->log_density_gradient(bound, NULL, flags, workspace, &value, gradient, &error);
  expect_error("no point", code, LACUNA_NULL, &error, "null");
  code = model->log_density_gradient(bound, point, flags, workspace, NULL, gradient, &error);
  expect_error("no place for the value", code, LACUNA_NULL, &error, "null");
  code = model->log_density_gradient(NULL, point, flags, workspace, &value, gradient, &error);
  expect_error("no bound model", code, LACUNA_NULL, &error, "null");
  if (model->workspace_size(bound, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 1) > 0) {
    code = model->log_density_gradient(bound, point, flags, NULL, &value, gradient, &error);
    expect(code == LACUNA_OK || code == LACUNA_WORKSPACE, "no workspace");
    code = model->log_density_gradient(bound, point, flags, (char*)workspace + 8, &value, gradient, &error);
    expect_error("a workspace that is not aligned", code, LACUNA_WORKSPACE, &error, "64 bytes");
  }
  code = model->cells(bound, 99, positions, &error);
  expect_error("a site that is none", code, LACUNA_ARGUMENT, &error, "makes no sense");
  expect(model->workspace_size(bound, 99, 1) == -1, "the workspace of an entry that is none");
  expect(model->workspace_size(NULL, LACUNA_ENTRY_LOG_DENSITY, 1) == -1, "the workspace without a model");
  code = model->log_density_gradient_block(bound, 8, 4, point, flags, workspace, &value, gradient, &error);
  expect_error("a stride below the draws", code, LACUNA_ARGUMENT, &error, "makes no sense");
  length = model->message(model, &error, text, sizeof text);
  expect(length > 9 && strlen(text) == 9, "a message that is cut");
  expect(model->message(model, &error, NULL, 0) == length, "a message that is measured");
  expect(model->message(model, NULL, text, sizeof text) > 0, "a message without an error");
  point[0] = NAN;
  code = model->log_density_gradient(bound, point, flags, workspace, &value, gradient, &error);
  expect(code == LACUNA_OK && isnan(value), "a point that is NaN");
  free(workspace);
}

static void check_fits(const char* path, const char* theirs, const char* none) {
  lacuna_said said;
  lacuna_fit* fit = NULL;
  lacuna_model changed = *model;
  lacuna_dimension dimensions[scores_dimension_count] = {{-1, NULL}, {1, NULL}};
  lacuna_array arguments[scores_argument_count];
  lacuna_new_data data = {dimensions, NULL, arguments};
  const int32_t wanted[1] = {scores_site_y}, unknown[1] = {99};
  lacuna_predictor* predictor = NULL;
  scores_inputs in = {0};
  scores_arrays arrays;
  const int64_t first = 0;
  double at = 0.25, *out, *outs[1];
  lacuna_error error = {0, -1, -1};
  int64_t draws, d;
  int code = lacuna_fit_open(model, none, &fit, &said);
  expect_said("a file that is no fit", code, LACUNA_SAID, &said, "R0750");
  code = lacuna_fit_open(model, "no/such/file.lfit", &fit, &said);
  expect_said("a file that is not there", code, LACUNA_SAID, &said, "R0710");
  code = lacuna_fit_open(model, theirs, &fit, &said);
  expect_said("a fit of another model", code, LACUNA_VERSION, &said, "R0802");
  changed.version += 1;
  code = lacuna_fit_open(&changed, path, &fit, &said);
  expect_said("a table of another version", code, LACUNA_VERSION, &said, "R0801");
  code = lacuna_fit_open(model, NULL, &fit, &said);
  expect_said("no path", code, LACUNA_NULL, &said, "null");
  code = lacuna_fit_open(model, path, &fit, &said);
  if (code != LACUNA_OK) {
    printf("wrong: the fit: %s\n", said.text);
    ++mistakes;
    return;
  }
  draws = lacuna_fit_draw_count(fit);
  expect(draws == 50 && lacuna_fit_draws(fit) != NULL, "the draws");
  expect(lacuna_fit_size(fit, scores_dimension_Group) == GROUPS && lacuna_fit_size(fit, 9) == -1, "sizes of the fit");
  expect(lacuna_fit_element(fit, scores_dimension_Group, "b") == 1 && lacuna_fit_element(fit, scores_dimension_Group, "z") == -1, "labels of the fit");
  expect(strcmp(lacuna_fit_label(fit, scores_dimension_Group, 2), "c") == 0 && lacuna_fit_label(fit, scores_dimension_Group, 3) == NULL, "elements of the fit");

  in.Group = -1;
  in.N = 1;
  in.group = &first;
  in.x = &at;
  in.weight = weight;
  scores_fill(&in, &arrays);
  memcpy(arguments, arrays.arguments, sizeof arguments);
  code = lacuna_predictor_make(model, fit, &data, unknown, 1, draws, &predictor, &said);
  expect_said("a site that is none", code, LACUNA_ARGUMENT, &said, "no site 99");
  dimensions[scores_dimension_Group].size = GROUPS + 1;
  code = lacuna_predictor_make(model, fit, &data, wanted, 1, draws, &predictor, &said);
  expect_said("a new element of a closed dimension", code, LACUNA_DIMENSION, &said, "R0703");
  dimensions[scores_dimension_Group].size = -1;
  code = lacuna_predictor_make(model, fit, &data, wanted, 1, draws, &predictor, &said);
  if (code != LACUNA_OK) {
    printf("wrong: the predictor: %s\n", said.text);
    ++mistakes;
    lacuna_fit_close(fit);
    return;
  }
  expect(lacuna_predictor_cells(predictor, scores_site_y) == 1 && lacuna_predictor_cells(predictor, scores_site_m) == -1, "cells of a site");
  out = (double*)malloc((size_t)draws * 2 * sizeof(double));
  outs[0] = out;
  code = lacuna_predictor_run(predictor, 0, draws, 3, outs, &error);
  expect(code == LACUNA_OK, "a prediction");
  outs[0] = out + draws;
  expect(lacuna_predictor_run(predictor, 0, draws / 2, 3, outs, &error) == LACUNA_OK, "half of it");
  outs[0] = out + draws + draws / 2;
  expect(lacuna_predictor_run(predictor, draws / 2, draws - draws / 2, 3, outs, &error) == LACUNA_OK, "the other half");
  for (d = 0; d < draws; ++d) {
    if (isfinite(out[d]) && out[d] == out[draws + d]) continue;
    expect(0, "the same draws in portions");
    break;
  }
  expect(lacuna_predictor_run(predictor, 1, draws, 3, outs, &error) == LACUNA_ARGUMENT, "more draws than there are");
  expect(lacuna_predictor_run(predictor, 0, draws, 3, NULL, &error) == LACUNA_NULL, "no place for the draws");
  expect(lacuna_predictor_run(NULL, 0, draws, 3, outs, &error) == LACUNA_NULL, "no predictor");
  arrays.arguments[scores_argument_x].sizes = &draws;
  code = lacuna_predictor_bind(predictor, arrays.arguments, &error);
  expect_error("new values of another size", code, LACUNA_SIZE, &error, "`x` has another size");
  expect(lacuna_predictor_run(predictor, 0, draws, 3, outs, &error) == LACUNA_ARGUMENT, "a prediction after that");
  free(out);
  lacuna_predictor_free(predictor);
  lacuna_fit_close(fit);
}

/* Threads. */
typedef struct worker {
  pthread_t thread;
  double values[ROUNDS];
} worker;

static void point_of(int round, double* point) {
  int k;
  for (k = 0; k < COORDINATES; ++k) point[k] = 0.01 * round - 0.2 * k;
}

static void* work(void* given) {
  worker* own = (worker*)given;
  void* workspace = memory_of(model->workspace_size(bound, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 1));
  double point[COORDINATES], gradient[COORDINATES], value = 0;
  int round, k;
  for (round = 0; round < ROUNDS; ++round) {
    point_of(round, point);
    if (model->log_density_gradient(bound, point, LACUNA_JACOBIAN, workspace, &value, gradient, NULL) != LACUNA_OK) value = NAN;
    for (k = 0; k < COORDINATES; ++k) value += gradient[k];
    own->values[round] = value;
  }
  free(workspace);
  return NULL;
}

static void check_threads(void) {
  static worker workers[THREADS + 1];
  int t;
  work(&workers[THREADS]);
  expect(isfinite(workers[THREADS].values[ROUNDS - 1]), "a density");
  for (t = 0; t < THREADS; ++t) {
    if (pthread_create(&workers[t].thread, NULL, work, &workers[t]) != 0) exit(1);
  }
  for (t = 0; t < THREADS; ++t) {
    pthread_join(workers[t].thread, NULL);
    expect(memcmp(workers[t].values, workers[THREADS].values, sizeof workers[t].values) == 0, "threads that share a bound model");
  }
}

int main(int count, char** words) {
  lacuna_error error = {0, -1, -1};
  scores_inputs in;
  if (count != 4) return 2;
  model = lacuna_scores();
  y[1] = NAN;
  in = good();
  if (scores_bind_size(&in, &bound_bytes, &error) != LACUNA_OK) return 2;
  bound = memory_of(bound_bytes);
  if (scores_bind_into(&in, 0, bound, bound_bytes, &error) != LACUNA_OK) return 2;
  check_values();
  check_sizes();
  check_versions();
  check_calls();
  check_fits(words[1], words[2], words[3]);
  check_threads();
  free(bound);
  printf("%d mistakes\n", mistakes);
  return mistakes;
}
