int cxgboost_placeholder(void);
