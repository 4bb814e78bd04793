// Own prototypes of the few calls that Clary makes into libxgboost (3.0 C interface), resolved at run time.
//
// Nothing links against the library: `cxgb_open` loads it once per process, and every other function calls
// through a table that `cxgb_open` filled. Calling one before a successful `cxgb_open` returns -1.
// Unless said otherwise a function returns 0, or -1 with the reason in `cxgb_last_error()` (per thread).
// "array" arguments are the JSON text of the NumPy array interface, version 3; "config" arguments are JSON.
#ifndef CLARY_CXGBOOST_H
#define CLARY_CXGBOOST_H

#include <stddef.h>
#include <stdint.h>

typedef struct cxgb_matrix_s *cxgb_matrix;
typedef struct cxgb_booster_s *cxgb_booster;
typedef struct cxgb_tracker_s *cxgb_tracker;

/// Loads the library at `path` (and, if `runtime_path` is not null, the OpenMP runtime before it).
/// On failure returns -1 and writes the reason, zero-terminated, to `reason`.
int cxgb_open(const char *path, const char *runtime_path, char *reason, size_t reason_size);
const char *cxgb_last_error(void);
void cxgb_version(int *major, int *minor, int *patch);

/// Lines that the library logs go to `sink`.
int cxgb_log_to(void (*sink)(const char *));
int cxgb_set_global_config(const char *config);

int cxgb_matrix_from_dense(const char *array, const char *config, cxgb_matrix *out);
int cxgb_matrix_from_csr(const char *indptr, const char *indices, const char *values, uint64_t columns,
                         const char *config, cxgb_matrix *out);
/// A matrix without data of its own, which `cxgb_booster_predict_…` may fill for the time of a call.
int cxgb_proxy_create(cxgb_matrix *out);
int cxgb_matrix_slice(cxgb_matrix matrix, const int *rows, uint64_t count, cxgb_matrix *out, int allow_groups);
int cxgb_matrix_set_info(cxgb_matrix matrix, const char *field, const char *array);
int cxgb_matrix_float_info(cxgb_matrix matrix, const char *field, uint64_t *count, const float **values);
int cxgb_matrix_rows(cxgb_matrix matrix, uint64_t *rows);
int cxgb_matrix_columns(cxgb_matrix matrix, uint64_t *columns);
int cxgb_matrix_free(cxgb_matrix matrix);

int cxgb_booster_create(const cxgb_matrix *matrices, uint64_t count, cxgb_booster *out);
int cxgb_booster_free(cxgb_booster booster);
int cxgb_booster_set_param(cxgb_booster booster, const char *name, const char *value);
int cxgb_booster_update(cxgb_booster booster, int iteration, cxgb_matrix train);
int cxgb_booster_evaluate(cxgb_booster booster, int iteration, cxgb_matrix *matrices, const char **names,
                          uint64_t count, const char **out);
int cxgb_booster_predict(cxgb_booster booster, cxgb_matrix matrix, const char *config, const uint64_t **shape,
                         uint64_t *dimensions, const float **values);
int cxgb_booster_predict_dense(cxgb_booster booster, const char *array, const char *config, cxgb_matrix meta,
                               const uint64_t **shape, uint64_t *dimensions, const float **values);
int cxgb_booster_predict_csr(cxgb_booster booster, const char *indptr, const char *indices, const char *values,
                             uint64_t columns, const char *config, cxgb_matrix meta, const uint64_t **shape,
                             uint64_t *dimensions, const float **out);
int cxgb_booster_save(cxgb_booster booster, const char *config, uint64_t *size, const char **bytes);
int cxgb_booster_load(cxgb_booster booster, const void *bytes, uint64_t size);
int cxgb_booster_serialize(cxgb_booster booster, uint64_t *size, const char **bytes);
int cxgb_booster_unserialize(cxgb_booster booster, const void *bytes, uint64_t size);
int cxgb_booster_configuration(cxgb_booster booster, uint64_t *size, const char **text);
int cxgb_booster_slice(cxgb_booster booster, int begin, int end, int step, cxgb_booster *out);
int cxgb_booster_features(cxgb_booster booster, uint64_t *count);
int cxgb_booster_rounds(cxgb_booster booster, int *count);
int cxgb_booster_attribute(cxgb_booster booster, const char *name, const char **value, int *found);
int cxgb_booster_set_attribute(cxgb_booster booster, const char *name, const char *value);

int cxgb_tracker_create(const char *config, cxgb_tracker *out);
int cxgb_tracker_run(cxgb_tracker tracker, const char *config);
int cxgb_tracker_worker_args(cxgb_tracker tracker, const char **args);
int cxgb_tracker_wait(cxgb_tracker tracker, const char *config);
int cxgb_tracker_free(cxgb_tracker tracker);

int cxgb_communicator_init(const char *config);
int cxgb_communicator_finalize(void);
int cxgb_communicator_signal_error(void);
int cxgb_communicator_rank(void);
int cxgb_communicator_world_size(void);
int cxgb_communicator_allreduce(void *values, size_t count, int type, int operation);
int cxgb_communicator_broadcast(void *bytes, size_t size, int root);

#endif
